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
import { withoutAskingForAnswer } from './answers'
import { DeliveryDoubts } from './doubts'
import { draftText } from './preview'
import { headline, progressText, recallText, receiptText, timeText } from './receipt'
import type { Translate } from '@space-assistant/core/text/translate'
import { explainAnnouncementRefusal, ownerOf, sayIn } from './replies'
import { parseAnnouncementCommand, words } from './command'
import type { AnnouncementCommand } from './command'

const WAIT_MS = 10 * 60_000
/** A draft and a recall are questions about the same: the later one is meant. */
const ABOUT = 'announcement'

type StepCommand = Exclude<AnnouncementCommand, { kind: 'write' | 'view' }>

const callOfAll = /^<at type="all"[^>]*\/>/

/** Whether somebody mentions everybody, as the platform has it or in words. */
function callsAll({ elements, content }: Session): boolean {
  const written = words.everybody.some((word) => content?.includes(`@${word}`))
  return written || h.select(elements ?? [], 'at').some(({ attrs }) => attrs['type'] === 'all')
}

/** In such a group a file comes without a mention and is never heard. */
const hearsMentionsOnly = ({ platform, isDirect }: Session) =>
  !isDirect && (platform === 'qq' || platform === 'wecom')

/** The announcement command in one chat. */
export class AnnouncementDialogue {
  private readonly doubts: DeliveryDoubts

  constructor(
    private readonly ctx: Context,
    private readonly parts: { announcements: Announcements; drafts: Drafts; folder: string },
  ) {
    this.doubts = new DeliveryDoubts(ctx, parts.announcements)
  }

  async answer(session: Session, given: string): Promise<Fragment> {
    const { say, viewer, refusal } = await this.open(session)
    if (refusal !== undefined) return h.text(refusal)
    const text = attachmentWords(given)
    const command: AnnouncementCommand =
      text || !attachmentsOf(session).length ? parseAnnouncementCommand(text) : { kind: 'write' }
    if (command.kind === 'write') return this.write(session, text)
    if (command.kind === 'view') {
      this.askForText(session, say)
      return h.text([say('how-to'), await this.list(say, viewer)].filter(Boolean).join('\n'))
    }
    return this.act(session, { say, viewer, command })
  }

  private async act(
    session: Session,
    { say, viewer, command }: { say: Translate; viewer: Viewer; command: StepCommand },
  ): Promise<Fragment> {
    const { announcements, drafts } = this.parts
    const owner = ownerOf(session)
    switch (command.kind) {
      case 'draft':
        return this.show(session, await drafts.revise(viewer, owner, {}))
      case 'audience':
        return this.show(session, await drafts.revise(viewer, owner, { audience: command.text }))
      case 'everybody':
        return this.callEverybody(session, { say, viewer })
      case 'at-once':
        return this.show(session, await drafts.revise(viewer, owner, { due: 'at-once' }))
      case 'schedule':
        return this.schedule(session, { say, viewer, text: command.text })
      case 'confirm':
        return this.confirm(session, command.id)
      case 'list':
        return h.text((await this.list(say, viewer)) || say('nothing-yet'))
      case 'progress':
      case 'receipts': {
        const text = command.kind === 'progress' ? progressText : receiptText
        const outcome = await announcements.progress(viewer, command.id)
        return h.text(this.tell(say, outcome, (value) => text(say, value, command.page)))
      }
      case 'cancel':
        return h.text(await this.cancel(session, { say, viewer, id: command.id }))
      case 'adopt': {
        if (command.id === undefined) return h.text(say('refusal.no-number'))
        return this.show(
          session,
          await drafts.adopt(viewer, command.id, { owner, author: await this.ctx.access.nameOf(session) }),
        )
      }
      case 'recall':
        return h.text(await this.askToRecall(session, { say, viewer, id: command.id }))
      case 'pause':
      case 'resume':
      case 'arrived':
      case 'resend':
      case 'undo':
        return h.text(await this.steer(session, { say, viewer, command }))
    }
  }

  /** What is done to an announcement by its number. */
  private async steer(
    session: Session,
    {
      say,
      viewer,
      command,
    }: { say: Translate; viewer: Viewer; command: AnnouncementCommand & { id?: number } },
  ): Promise<string> {
    const { announcements } = this.parts
    const { id } = command
    if (id === undefined) return say('refusal.no-number')
    const tell = (outcome: Outcome<Delivery>) => this.tell(say, outcome, (value) => progressText(say, value))
    switch (command.kind) {
      case 'pause':
        return tell(await announcements.pause(viewer, id))
      case 'resume':
        return tell(await announcements.resume(viewer, id))
      case 'arrived':
        return this.doubts.ask(session, 'arrived', { say, viewer, id, names: command.names })
      case 'undo':
        return this.doubts.undo({ say, viewer, id, names: undefined })
      case 'resend':
        if (command.unknownToo)
          return this.doubts.ask(session, 'resend', { say, viewer, id, names: command.names })
        return this.tell(
          say,
          await announcements.resendNamed(viewer, id, command.names),
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
    const open = outcome.value.yes || outcome.value.open
    return recallText(say, outcome.value, open ? this.askForRecall(session, say, id) : id)
  }

  private askForRecall(session: Session, say: Translate, id: number): number {
    return this.ctx.conversation.ask(session, {
      about: ABOUT,
      form: 'act',
      label: say('question.recall', { id }),
      number: id,
      ms: WAIT_MS,
      expired: say('question.recall-expired', { id }),
      answer: async (next, answer) => {
        const { say, viewer, refusal } = await this.open(next)
        if (refusal !== undefined) return h.text(refusal)
        if (answer.kind !== 'yes') return h.text(say('recall-preview.left'))
        const outcome = await this.parts.announcements.recall(viewer, id)
        return h.text(this.tell(say, outcome, () => say('recalling', { id })))
      },
    })
  }

  private async write(session: Session, text: string): Promise<Fragment> {
    const { say, viewer, refusal } = await this.open(session)
    if (refusal !== undefined) return h.text(refusal)
    const kept = await keepAttachment(this.ctx, this.parts.folder, attachmentsOf(session))
    if (!kept.ok) return h.text(explainAnnouncementRefusal(say, kept))
    const asking = withoutAskingForAnswer(text)
    const words = asking === undefined ? text : `${asking}\n${say('acknowledge.ask')}`
    const wantsAll = callsAll(session)
    const content = h.escape(words) + kept.value
    const asks = Number(asking !== undefined)
    const draft = { owner: ownerOf(session), author: await this.ctx.access.nameOf(session), content, asks }
    return this.show(session, await this.parts.drafts.write(viewer, draft), wantsAll)
  }

  /** Shows a draft, and asks whether it is to be sent. */
  private show(session: Session, outcome: Outcome<AnnouncementDraft>, wantsAll = false): Fragment {
    const say = sayIn(session)
    if (!outcome.ok) return h.text(explainAnnouncementRefusal(say, outcome))
    const text = draftText(say, outcome.value, this.askToSend(session, say, outcome.value.row.id))
    const more = [wantsAll && 'everybody-how-to', hearsMentionsOnly(session) && 'files-in-private']
    return h.parse([text, ...more.flatMap((key) => (key ? h.escape(say(`preview.${key}`)) : []))].join('\n'))
  }

  /** Everybody in the groups is called by the announcement, or no more: never without having been asked for. */
  private async callEverybody(
    session: Session,
    { say, viewer }: { say: Translate; viewer: Viewer },
  ): Promise<Fragment> {
    const { drafts } = this.parts
    const owner = ownerOf(session)
    const draft = await drafts.revise(viewer, owner, {})
    if (!draft.ok) return h.text(explainAnnouncementRefusal(say, draft))
    const { content } = draft.value.row
    const rest = content.replace(callOfAll, '')
    const call = h('at', { type: 'all', name: say('everybody') }).toString()
    return this.show(
      session,
      await drafts.revise(viewer, owner, { content: rest === content ? call + content : rest }),
    )
  }

  private askToSend(session: Session, say: Translate, id: number): number {
    const { conversation } = this.ctx
    conversation.ask(session, {
      about: 'announcement-picture',
      form: 'file',
      label: say('question.draft', { id }),
      ms: WAIT_MS,
      answer: (next) => this.attach(next),
    })
    return conversation.ask(session, {
      about: ABOUT,
      form: 'act',
      label: say('question.draft', { id }),
      number: id,
      ms: WAIT_MS,
      expired: say('question.draft-expired', { id }),
      answer: async (next, answer) => {
        if (answer.kind === 'yes') return this.confirm(next, id)
        const { say, viewer, refusal } = await this.open(next)
        return h.text(refusal ?? (await this.cancel(next, { say, viewer, id: undefined })))
      },
    })
  }

  private askForText(session: Session, say: Translate): void {
    this.ctx.conversation.ask(session, {
      about: ABOUT,
      form: 'text',
      label: say('question.text'),
      ms: WAIT_MS,
      expired: say('question.text-expired'),
      answer: async (next, answer) => {
        if (answer.kind !== 'given') return h.text(sayIn(next)('dropped'))
        return this.write(next, attachmentWords(next.stripped.content))
      },
    })
  }

  /** Adds a picture or file to the draft; undefined when the message holds words too, or was not said to us. */
  private async attach(session: Session): Promise<Fragment | undefined> {
    const attachments = attachmentsOf(session)
    const { content, appel } = session.stripped
    if (!attachments.length || attachmentWords(content) || !(session.isDirect || appel)) return undefined
    const { say, viewer, refusal } = await this.open(session)
    if (refusal !== undefined) return h.text(refusal)
    const { drafts, folder } = this.parts
    const draft = await drafts.revise(viewer, ownerOf(session), {})
    if (!draft.ok) return h.text(explainAnnouncementRefusal(say, draft))
    const kept = await keepAttachment(this.ctx, folder, attachments)
    if (!kept.ok) return h.text(explainAnnouncementRefusal(say, kept))
    const added = draft.value.row.content + kept.value
    return this.show(session, await drafts.revise(viewer, ownerOf(session), { content: added }))
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

  /** In a group only with its number, whatever command it is said by. */
  private async confirm(session: Session, id: number | undefined): Promise<Fragment> {
    const { say, viewer, refusal } = await this.open(session)
    if (refusal !== undefined) return h.text(refusal)
    const { drafts, announcements } = this.parts
    const owner = ownerOf(session)
    const own = id ?? (await drafts.number(owner))
    if (id === undefined && own !== undefined && !session.isDirect)
      return h.text(say('refusal.confirm-number', { id: own }))
    const outcome = await drafts.confirm(viewer, owner, own ?? 0)
    if (!outcome.ok) return h.text(explainAnnouncementRefusal(say, outcome))
    const { changed, due, row, targets } = outcome.value
    if (changed) {
      const number = this.askToSend(session, say, row.id)
      return h.parse(h.escape(say('changed')) + '\n' + draftText(say, outcome.value, number))
    }
    this.settle(session)
    await announcements.dispatch()
    const params = { id: row.id, count: targets.length, time: due ? timeText(due) : '' }
    return h.text(say(due ? 'confirmed-later' : 'confirmed', params))
  }

  private settle(session: Session): void {
    this.ctx.conversation.settle(session, ABOUT)
    this.ctx.conversation.settle(session, 'announcement-picture')
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
    this.settle(session)
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

  private async open(session: Session): Promise<{ say: Translate; viewer: Viewer; refusal?: string }> {
    const say = sayIn(session)
    const viewer = await this.ctx.access.viewer(session)
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    return { say, viewer, ...(!may.ok && { refusal: explainAnnouncementRefusal(say, may) }) }
  }

  private tell<T>(say: Translate, outcome: Outcome<T>, text: (value: T) => string): string {
    return outcome.ok ? text(outcome.value) : explainAnnouncementRefusal(say, outcome)
  }
}
