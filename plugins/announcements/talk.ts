import { parseUpcoming } from '@space-assistant/core/nudges/upcoming'
import { dayOf, instantOf } from '@space-assistant/core/calendar/day'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Context, Fragment, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-schemes'
import type { Announcements } from './announcements'
import { attachmentsOf, keepAttachment, attachmentWords } from './attachments'
import type { Delivery } from './delivery'
import type { AnnouncementDraft, Drafts } from './drafts'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { draftText } from './preview'
import { headline, progressText, recallText, receiptText, timeText } from './receipt'
import type { Translate } from '@space-assistant/core/text/translate'
import { explainAnnouncementRefusal, nameOf, ownerOf, sayIn } from './speech'
import { parseAnnouncementCommand, readAnnouncementAnswer, words } from './wish'
import type { AnnouncementCommand } from './wish'

const WAIT_MS = 10 * 60_000

/** The announcement command in one chat. */
export class AnnouncementDialogue {
  constructor(
    private readonly ctx: Context,
    private readonly parts: { announcements: Announcements; drafts: Drafts; folder: string },
  ) {}

  async answer(session: Session, given: string): Promise<Fragment> {
    const { say, viewer, refusal } = await this.meet(session)
    if (refusal !== undefined) return h.text(refusal)
    const text = attachmentWords(given)
    const wish: AnnouncementCommand =
      text || !attachmentsOf(session).length ? parseAnnouncementCommand(text) : { kind: 'write' }
    if (wish.kind === 'write') return this.write(session, text)
    if (wish.kind === 'view') {
      this.await(session, Date.now() + WAIT_MS, 'text')
      return h.text([say('how-to'), await this.list(say, viewer)].filter(Boolean).join('\n'))
    }
    return this.act(session, { say, viewer, wish })
  }

  private async act(
    session: Session,
    {
      say,
      viewer,
      wish,
    }: { say: Translate; viewer: Viewer; wish: Exclude<AnnouncementCommand, { kind: 'write' | 'view' }> },
  ): Promise<Fragment> {
    const { announcements, drafts } = this.parts
    const owner = ownerOf(session)
    switch (wish.kind) {
      case 'draft':
        return this.show(session, await drafts.revise(viewer, owner, {}))
      case 'audience':
        return this.show(session, await drafts.revise(viewer, owner, { audience: wish.text }))
      case 'at-once':
        return this.show(session, await drafts.revise(viewer, owner, { due: 'at-once' }))
      case 'schedule':
        return this.schedule(session, { say, viewer, text: wish.text })
      case 'confirm':
        return this.confirm(session)
      case 'list':
        return h.text((await this.list(say, viewer)) || say('nothing-yet'))
      case 'progress':
      case 'receipts': {
        const text = wish.kind === 'progress' ? progressText : receiptText
        return h.text(
          this.tell(say, await announcements.progress(viewer, wish.id), (value) => text(say, value)),
        )
      }
      case 'cancel':
        return h.text(await this.cancel(session, { say, viewer, id: wish.id }))
      case 'adopt': {
        if (wish.id === undefined) return h.text(say('refusal.no-number'))
        return this.show(session, await drafts.adopt(viewer, wish.id, { owner, author: nameOf(session) }))
      }
      case 'recall':
        return h.text(await this.askToRecall(session, { say, viewer, id: wish.id }))
      case 'pause':
      case 'resume':
      case 'arrived':
      case 'resend':
        return h.text(await this.steer({ say, viewer, wish }))
    }
  }

  /** What is done to an announcement by its number. */
  private async steer({
    say,
    viewer,
    wish,
  }: {
    say: Translate
    viewer: Viewer
    wish: AnnouncementCommand & { id?: number }
  }): Promise<string> {
    const { announcements } = this.parts
    const { id } = wish
    if (id === undefined) return say('refusal.no-number')
    const tell = (outcome: Outcome<Delivery>) => this.tell(say, outcome, (value) => progressText(say, value))
    switch (wish.kind) {
      case 'pause':
        return tell(await announcements.pause(viewer, id))
      case 'resume':
        return tell(await announcements.resume(viewer, id))
      case 'arrived':
        return this.tell(say, await announcements.arrived(viewer, id), (count) => say('arrived', { count }))
      case 'resend':
        return this.tell(
          say,
          await announcements.resend(viewer, id, wish.unknownToo),
          ({ count, delivery }) =>
            count ? `${say('resent', { count })}\n${progressText(say, delivery)}` : say('nothing-failed'),
        )
      default:
        return say('how-to')
    }
  }

  /** Shows what can be taken back, and does it after a yes. */
  private async askToRecall(
    session: Session,
    { say, viewer, id }: { say: Translate; viewer: Viewer; id: number | undefined },
  ): Promise<string> {
    if (id === undefined) return say('refusal.no-number')
    const outcome = await this.parts.announcements.recallable(viewer, id)
    if (!outcome.ok) return explainAnnouncementRefusal(say, outcome)
    if (outcome.value.yes || outcome.value.open) this.awaitRecall(session, id, Date.now() + WAIT_MS)
    return recallText(say, outcome.value)
  }

  private awaitRecall(session: Session, id: number, until: number): void {
    const hear = async (next: Session): Promise<Fragment | undefined> => {
      const answer = attachmentsOf(next).length
        ? undefined
        : readAnnouncementAnswer(attachmentWords(next.stripped.content))
      if (!answer) {
        if (Date.now() < until) this.awaitRecall(next, id, until)
        return undefined
      }
      const { say, viewer, refusal } = await this.meet(next)
      if (refusal !== undefined) return h.text(refusal)
      if (answer === 'cancel') return h.text(say('recall-preview.left'))
      const outcome = await this.parts.announcements.recall(viewer, id)
      return h.text(this.tell(say, outcome, () => say('recalling', { id })))
    }
    this.ctx.conversation.expect(session, hear, Math.max(until - Date.now(), 1))
  }

  private async write(session: Session, text: string): Promise<Fragment> {
    const { say, viewer, refusal } = await this.meet(session)
    if (refusal !== undefined) return h.text(refusal)
    const kept = await keepAttachment(this.ctx, this.parts.folder, attachmentsOf(session))
    if (!kept.ok) return h.text(explainAnnouncementRefusal(say, kept))
    const content = h.escape(text) + kept.value
    const draft = { owner: ownerOf(session), author: nameOf(session), content }
    return this.show(session, await this.parts.drafts.write(viewer, draft))
  }

  /** Shows a draft, and waits for a yes, a no, or a picture to add. */
  private show(session: Session, outcome: Outcome<AnnouncementDraft>): Fragment {
    const say = sayIn(session)
    if (!outcome.ok) return h.text(explainAnnouncementRefusal(say, outcome))
    this.await(session, Date.now() + WAIT_MS, 'answer')
    return h.parse(draftText(say, outcome.value))
  }

  /** Waits without swallowing anything: commands pass by, and what is no answer goes its way. */
  private await(session: Session, until: number, what: 'answer' | 'text'): void {
    this.ctx.conversation.expect(
      session,
      async (next) => {
        const text = attachmentWords(next.stripped.content)
        const attachments = attachmentsOf(next)
        const answer = attachments.length ? undefined : readAnnouncementAnswer(text)
        if (what === 'text') return text || attachments.length ? this.write(next, text) : undefined
        if (answer === 'confirm') return this.confirm(next)
        if (answer === 'cancel') {
          const { say, viewer, refusal } = await this.meet(next)
          return h.text(refusal ?? (await this.cancel(next, { say, viewer, id: undefined })))
        }
        if (attachments.length && !text) return this.attach(next, attachments)
        if (Date.now() < until) this.await(next, until, what)
        return undefined
      },
      Math.max(until - Date.now(), 1),
    )
  }

  private async attach(session: Session, attachments: h[]): Promise<Fragment> {
    const { say, viewer, refusal } = await this.meet(session)
    if (refusal !== undefined) return h.text(refusal)
    const { drafts, folder } = this.parts
    const draft = await drafts.revise(viewer, ownerOf(session), {})
    if (!draft.ok) return h.text(explainAnnouncementRefusal(say, draft))
    const kept = await keepAttachment(this.ctx, folder, attachments)
    if (!kept.ok) return h.text(explainAnnouncementRefusal(say, kept))
    const content = draft.value.row.content + kept.value
    return this.show(session, await drafts.revise(viewer, ownerOf(session), { content }))
  }

  private async schedule(
    session: Session,
    { say, viewer, text }: { say: Translate; viewer: Viewer; text: string },
  ): Promise<Fragment> {
    const today = dayOf(new Date())
    const { dates } = this.ctx.schemes.headers
    const moment = parseUpcoming(text, today, { ...words, dates })
    if (moment?.minute === undefined) return h.text(say('refusal.which-time'))
    const due = instantOf(moment.day, moment.minute)
    if (due.getTime() <= Date.now()) return h.text(say('refusal.past', { time: timeText(due) }))
    return this.show(session, await this.parts.drafts.revise(viewer, ownerOf(session), { due }))
  }

  private async confirm(session: Session): Promise<Fragment> {
    const { say, viewer, refusal } = await this.meet(session)
    if (refusal !== undefined) return h.text(refusal)
    const outcome = await this.parts.drafts.confirm(viewer, ownerOf(session))
    if (!outcome.ok) return h.text(explainAnnouncementRefusal(say, outcome))
    const { changed, due, row, targets } = outcome.value
    if (changed) {
      this.await(session, Date.now() + WAIT_MS, 'answer')
      return h.parse(h.escape(say('changed')) + '\n' + draftText(say, outcome.value))
    }
    await this.parts.announcements.dispatch()
    const params = { id: row.id, count: targets.length, time: due ? timeText(due) : '' }
    return h.text(say(due ? 'confirmed-later' : 'confirmed', params))
  }

  private async cancel(
    session: Session,
    { say, viewer, id }: { say: Translate; viewer: Viewer; id: number | undefined },
  ): Promise<string> {
    const { announcements, drafts } = this.parts
    if (id !== undefined) {
      return this.tell(say, await announcements.cancel(viewer, id), (value) => progressText(say, value))
    }
    const draft = await drafts.drop(viewer, ownerOf(session))
    return this.tell(say, draft, () => say('dropped'))
  }

  private async list(say: Translate, viewer: Viewer): Promise<string> {
    const outcome = await this.parts.announcements.list(viewer)
    if (!outcome.ok || !outcome.value.length) return ''
    const lines = outcome.value.map((delivery) => {
      const text = attachmentWords(delivery.row.content)
      const short = Array.from(text.replace(/\s+/g, ' ')).slice(0, 12).join('')
      return say('list.line', { line: headline(say, delivery), text: short })
    })
    return [say('list.head'), ...lines].join('\n')
  }

  private async meet(session: Session): Promise<{ say: Translate; viewer: Viewer; refusal?: string }> {
    const say = sayIn(session)
    const viewer = await this.ctx.access.viewer(session)
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    return { say, viewer, ...(!may.ok && { refusal: explainAnnouncementRefusal(say, may) }) }
  }

  private tell<T>(say: Translate, outcome: Outcome<T>, text: (value: T) => string): string {
    return outcome.ok ? text(outcome.value) : explainAnnouncementRefusal(say, outcome)
  }
}
