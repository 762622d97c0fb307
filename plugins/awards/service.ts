import type { Context } from 'koishi'
import type { ChatRef } from 'koishi-plugin-space-access'
import { Certificates } from './certificates'
import { AwardDocuments } from './documents'
import { AwardFrame } from './frame'
import type { AwardActor } from './frame'
import { Judging } from './judging'
import { Nominations } from './nominations'
import { Objections } from './objections'
import { AwardRounds } from './rounds'
import { AwardMessages } from './announcing'
import { SheetBook } from './sheet-book'
import { judgeOfChat } from './panel'
import { AwardStore } from './store'
import type { AwardObjectionRow, AwardRoundRow } from './table'
import type { Translate } from '@space-assistant/core/text/translate'

/** `ctx.awards`: awards from the conditions to the exhibition. Every verb asks whether the actor may. */
export class Awards {
  readonly frame: AwardFrame
  readonly nominations: Nominations
  readonly judging: Judging
  readonly rounds: AwardRounds
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
    this.nominations = new Nominations(this.frame, now)
    this.book = new SheetBook(this.frame)
    this.judging = new Judging(this.frame, this.book)
    this.rounds = new AwardRounds(this.frame, this.book, now)
    this.objections = new Objections(this.frame, now)
    this.certificates = new Certificates(this.frame, now)
    this.messages = new AwardMessages(ctx, this.frame, say)
    this.documents = new AwardDocuments(this, this.book, { say, now })
  }

  /** What was done, newest first; for staff. */
  async log(actor: AwardActor, limit: number) {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const rows = await this.frame.store.rows('space_award_log', `ORDER BY id DESC LIMIT ${Math.floor(limit)}`)
    return { ok: true as const, value: rows }
  }

  /** The judge of the panel whom a chat account is. */
  judgeOf(actor: AwardActor, chat: ChatRef): Promise<string | undefined> {
    return judgeOfChat(this.frame, actor, chat)
  }

  /** Prepares the announcement that belongs to a state; staff confirm it. */
  announce(round: AwardRoundRow): Promise<void> {
    return this.messages.propose(round)
  }

  tellStaffOfObjection(objection: AwardObjectionRow): Promise<void> {
    return this.messages.tellStaffOfObjection(objection)
  }

  tellObjector(objection: AwardObjectionRow): Promise<void> {
    return this.messages.tellObjector(objection)
  }

  /** Reminds judges with open sheets; how many messages that were. */
  remindJudges(now: Date): Promise<number> {
    return this.messages.remindJudges(now)
  }
}
