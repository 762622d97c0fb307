import type { Context } from 'koishi'
import { AwardBoards } from './boards'
import { Certificates } from './certificates'
import { AwardDocuments } from './documents'
import { AwardFrame } from './frame'
import type { AwardActor } from './frame'
import { Judging } from './judging'
import { Nominations } from './nominations'
import { Objections } from './objections'
import { JudgePanel } from './panel'
import { AwardRounds } from './rounds'
import { AwardMessages } from './announcing'
import { SheetBook } from './sheet-book'
import { AwardStore } from './store'
import type { Translate } from '@space-assistant/core/text/translate'

/** `ctx.awards`: awards from the conditions to the exhibition. Every verb asks whether the actor may. */
export class Awards {
  readonly frame: AwardFrame
  readonly nominations: Nominations
  readonly panel: JudgePanel
  readonly judging: Judging
  readonly rounds: AwardRounds
  readonly boards: AwardBoards
  readonly objections: Objections
  readonly certificates: Certificates
  readonly documents: AwardDocuments
  private readonly messages: AwardMessages
  private readonly book: SheetBook

  constructor(
    readonly ctx: Context,
    { now, say }: { now: () => Date; say: Translate },
  ) {
    this.frame = new AwardFrame(ctx, new AwardStore(ctx))
    this.messages = new AwardMessages(ctx, this.frame, say)
    this.nominations = new Nominations(this.frame, now)
    this.book = new SheetBook(this.frame)
    this.panel = new JudgePanel(this.frame)
    this.judging = new Judging(this.frame, this.book)
    const means = { now, messages: this.messages }
    this.rounds = new AwardRounds(this.frame, this.book, means)
    this.boards = new AwardBoards(this.frame, this.rounds)
    this.objections = new Objections(this.frame, means)
    this.certificates = new Certificates(this.frame, now)
    this.documents = new AwardDocuments(this, this.book, { say, now })
  }

  /** What was done, newest first; for staff. */
  async log(actor: AwardActor, limit: number) {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const rows = await this.frame.store.rows('space_award_log', `ORDER BY id DESC LIMIT ${Math.floor(limit)}`)
    return { ok: true as const, value: rows }
  }

  /** The publicity period and its text as they would be if it were announced today; for staff. */
  async previewPublicity(actor: AwardActor) {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const { from, to, known } = this.rounds.publicity()
    const text = await this.messages.announcementText('publicity', { publicFrom: from, publicTo: to })
    return { ok: true as const, value: { from, to, known, text } }
  }

  /** Reminds judges with open sheets; how many messages that were. */
  remindJudges(now: Date): Promise<number> {
    return this.messages.remindJudges(now)
  }
}
