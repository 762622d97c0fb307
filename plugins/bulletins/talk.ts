import type { Viewer } from '@space-assistant/core/access/viewer'
import { accessRefusalCodes } from '@space-assistant/core/access/visibility'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { dayOf, formatDay, instantOf } from '@space-assistant/core/calendar/day'
import { parseUpcoming } from '@space-assistant/core/nudges/upcoming'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context, Fragment, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-documents'
import type { Bulletins } from './bulletins'
import type { BulletinAuthor } from './heads'
import { bulletinWords as words, parseBulletinCommand } from './command'
import type { BulletinCommand } from './command'
import type { BulletinFiles } from './files'
import { bulletinAuthorOf } from './heads'
import type { BulletinTarget, Publishing } from './publishing'
import type { Bulletin } from './store'
import { bulletinText, bulletinWarnings, changesText, headLine, receiptsText } from './texts'
import type { BulletinWindows } from './window'

export interface TalkParts {
  bulletins: Bulletins
  publishing: Publishing
  files: BulletinFiles
  windows: BulletinWindows
}

interface Meeting {
  session: Session
  say: Translate
  viewer: Viewer
  by: BulletinAuthor
}

const NAMED = 6
const WAIT_MS = 10 * 60_000

/** The bulletin command in one chat. */
export class BulletinDialogue {
  constructor(
    private readonly ctx: Context,
    private readonly parts: TalkParts,
  ) {}

  async answer(session: Session, text: string): Promise<Fragment> {
    const meeting = await this.meet(session)
    const command = parseBulletinCommand(h.unescape(text))
    const id = 'id' in command && command.id !== undefined ? command.id : await this.parts.bulletins.open()
    if (command.kind === 'view' || command.kind === 'list') return this.list(meeting)
    if (command.kind === 'draft') return this.draft(meeting, command.text)
    if (command.kind === 'unknown') return h.text(this.howTo(meeting))
    if (command.kind === 'edit-what') return h.text(meeting.say('refusal.edit-what'))
    // Others than staff are told so, and not whether something is being written.
    const may = this.ctx.access.check(meeting.viewer, { kind: 'bulletins' })
    if (!may.ok && command.kind !== 'show' && command.kind !== 'table') return this.refuse(meeting, may)
    if (id === undefined) return h.text(meeting.say('refusal.nothing-open'))
    return this.act(meeting, command, id)
  }

  private async act(
    meeting: Meeting,
    command: Exclude<BulletinCommand, { kind: 'view' | 'list' | 'draft' | 'unknown' | 'edit-what' }>,
    id: number,
  ): Promise<Fragment> {
    const { bulletins, publishing } = this.parts
    const { say, viewer, by } = meeting
    const shown = (outcome: Outcome<Bulletin>) => this.shown(meeting, outcome)
    switch (command.kind) {
      case 'show':
        return this.show(meeting, id)
      case 'table':
        return this.table(meeting, id)
      case 'edit':
        return shown(await bulletins.edit(viewer, id, command))
      case 'set': {
        const setting = command.setting === 'number' ? 'docnumber' : command.setting
        return shown(await bulletins.set(viewer, id, { [setting]: command.text.slice(0, 200) }))
      }
      case 'last':
        return shown(await bulletins.set(viewer, id, { lastplaces: Number(command.on) }))
      case 'refresh': {
        const outcome = await bulletins.refresh(viewer, id)
        if (!outcome.ok) return this.refuse(meeting, outcome)
        const { changes, bulletin } = outcome.value
        const head = changes.length ? say('refreshed', { count: changes.length }) : say('nothing-new')
        return h.text(
          [head, changesText(say, changes), bulletinText(say, bulletin, true)].filter(Boolean).join('\n'),
        )
      }
      case 'compare': {
        const outcome = await bulletins.compare(viewer, id)
        if (!outcome.ok) return this.refuse(meeting, outcome)
        const { changes, with: last } = outcome.value
        const params = { id, last: last.id, day: formatDay(last.dataUntil), count: changes.length }
        return h.text([say('compared', params), changesText(say, changes)].filter(Boolean).join('\n'))
      }
      case 'submit':
        return this.stepped(meeting, await bulletins.submit(viewer, id, by))
      case 'return':
        return this.stepped(meeting, await bulletins.sendBack(viewer, id, { ...by, reason: command.text }))
      case 'approve':
        return this.stepped(meeting, await bulletins.approve(viewer, id, by))
      case 'drop':
        return this.stepped(meeting, await bulletins.drop(viewer, id))
      case 'schedule':
        return this.schedule(meeting, id, command.text)
      case 'publish':
        return this.preview(meeting, id)
      case 'confirm':
        return this.publish(meeting, id)
      case 'correct':
        return this.correct(meeting, id, command.text)
      case 'resend': {
        const outcome = await publishing.resend(viewer, id, command.unknownToo)
        if (!outcome.ok) return this.refuse(meeting, outcome)
        return h.text(say(outcome.value ? 'resent' : 'nothing-to-resend', { id, count: outcome.value }))
      }
      case 'progress': {
        const outcome = await publishing.progress(viewer, id)
        if (!outcome.ok) return this.refuse(meeting, outcome)
        return h.text(receiptsText(say, outcome.value.head, outcome.value.receipts))
      }
    }
  }

  private async list(meeting: Meeting): Promise<Fragment> {
    const { say, viewer } = meeting
    const outcome = await this.parts.bulletins.list(viewer)
    if (!outcome.ok) return this.refuse(meeting, outcome)
    const lines = outcome.value.map((head) => headLine(say, head))
    const head = lines.length ? say('list-head') : say('nothing-yet')
    const [newest] = outcome.value
    return h.text([head, ...lines, this.howTo(meeting, newest?.id)].filter(Boolean).join('\n'))
  }

  /** What can be said next: to read one by a number that there is; to write is for staff. */
  private howTo({ say, viewer }: Meeting, id?: number): string {
    const read = id === undefined ? '' : say('how-to-read', { id })
    return this.ctx.access.check(viewer, { kind: 'bulletins' }).ok
      ? [read, say('how-to')].filter(Boolean).join('\n')
      : read || say('how-to-list')
  }

  private async draft(meeting: Meeting, text: string): Promise<Fragment> {
    const { viewer, by, say } = meeting
    const window = this.parts.windows.read(text)
    if (!window) return h.text(say('refusal.window'))
    const outcome = await this.parts.bulletins.draft(viewer, by, { window })
    return this.shown(meeting, outcome)
  }

  private async correct(meeting: Meeting, id: number, why: string): Promise<Fragment> {
    const { viewer, by } = meeting
    return this.shown(meeting, await this.parts.bulletins.correct(viewer, by, { id, why }))
  }

  private async show(meeting: Meeting, id: number): Promise<Fragment> {
    const { viewer, say, session } = meeting
    const outcome = await this.parts.bulletins.show(viewer, id)
    if (!outcome.ok) return this.refuse(meeting, outcome)
    const staff = this.ctx.access.check(viewer, { kind: 'bulletins' }).ok
    const text = h.text(bulletinText(say, outcome.value, staff))
    if (!session.isDirect) return text
    const picture = await this.pictureOf(outcome.value)
    const document = await this.parts.files.document(outcome.value)
    if (!document.ok) return [text, h.text(`\n${this.ctx.documents.explain(document)}`)]
    const { bytes, title } = document.value
    return [text, ...(picture ? [picture] : []), fileElement(bytes, title)]
  }

  private async table(meeting: Meeting, id: number): Promise<Fragment> {
    const outcome = await this.parts.bulletins.show(meeting.viewer, id)
    if (!outcome.ok) return this.refuse(meeting, outcome)
    const { bytes, title } = await this.parts.files.table(outcome.value)
    return fileElement(bytes, title)
  }

  private async schedule(meeting: Meeting, id: number, text: string): Promise<Fragment> {
    const { say, viewer } = meeting
    const now = new Date()
    const { days, spans } = words
    const dates = this.ctx.schemes.headers.dates
    const moment = parseUpcoming(text, dayOf(now), { dates, days, spans })
    if (moment?.minute === undefined) return h.text(say('refusal.when', { id }))
    const due = instantOf(moment.day, moment.minute)
    return this.stepped(meeting, await this.parts.bulletins.schedule(viewer, id, due))
  }

  /** What would be sent and to whom; it is sent after a yes. */
  private async preview(meeting: Meeting, id: number): Promise<Fragment> {
    const { say, viewer } = meeting
    const outcome = await this.parts.publishing.preview(viewer, id)
    if (!outcome.ok) return this.refuse(meeting, outcome)
    const { bulletin, targets } = outcome.value
    const picture = await this.pictureOf(bulletin)
    const head = say('preview', { id, count: targets.length, groups: namesOf(say, targets) })
    const number = this.askToPublish(meeting, id)
    const text = [
      head,
      this.parts.files.caption(bulletin),
      say('preview-line'),
      say('preview-how-to', { number }),
    ]
    return [h.text(text.join('\n')), ...(picture ? [picture] : [])]
  }

  private askToPublish({ say, session }: Meeting, id: number): number {
    return this.ctx.conversation.ask(session, {
      about: 'bulletin',
      form: 'act',
      label: say('question', { id }),
      number: id,
      ms: WAIT_MS,
      expired: say('question-expired', { id }),
      answer: async (next, answer) => {
        const meeting = await this.meet(next)
        return answer.kind === 'yes' ? this.publish(meeting, id) : h.text(meeting.say('left'))
      },
    })
  }

  private async publish(meeting: Meeting, id: number): Promise<Fragment> {
    const { say, viewer } = meeting
    const outcome = await this.parts.publishing.publish(viewer, id)
    if (!outcome.ok) return this.refuse(meeting, outcome)
    return h.text(say('published', { id, count: outcome.value.targets.length }))
  }

  /** A step, told in one sentence that says what is next. */
  private stepped(meeting: Meeting, outcome: Outcome<Bulletin>): Fragment {
    if (!outcome.ok) return this.refuse(meeting, outcome)
    const { head } = outcome.value
    const { say } = meeting
    const next = say(`next.${head.state}`, { id: head.id })
    return h.text([headLine(say, head), ...bulletinWarnings(say, head), next].filter(Boolean).join('\n'))
  }

  private shown(meeting: Meeting, outcome: Outcome<Bulletin>): Fragment {
    if (!outcome.ok) return this.refuse(meeting, outcome)
    return h.text(bulletinText(meeting.say, outcome.value, true))
  }

  private refuse({ say }: Meeting, { code, params }: { code: string; params: object }): Fragment {
    if (code === 'template' || code === 'no-template')
      return h.text(this.ctx.documents.explain({ code, params }))
    const place = visibility.has(code) ? 'space-access.' : ''
    return h.text(say(`${place}refusal.${code}`, params))
  }

  private async pictureOf(bulletin: Bulletin): Promise<h | undefined> {
    const bytes = await this.ctx.pictures.paint(this.parts.files.picture(bulletin)).catch(() => undefined)
    return bytes && h.image(Buffer.from(bytes), bytes[0] === 0x89 ? 'image/png' : 'image/jpeg')
  }

  private async meet(session: Session): Promise<Meeting> {
    const say: Translate = (key, params = {}) => {
      const path = key.startsWith('space-') ? key : `space-bulletins.${key}`
      return h.unescape(session.text(path, params))
    }
    const viewer = await this.ctx.access.viewer(session)
    const { access } = this.ctx
    const { platform, userId } = await access.principalOf(session)
    const who = { platform, userId, name: await access.nameOf(session) }
    return { session, say, viewer, by: bulletinAuthorOf(this.ctx, viewer, who) }
  }
}

const visibility: ReadonlySet<string> = new Set(accessRefusalCodes)

function namesOf(say: Translate, targets: readonly BulletinTarget[]): string {
  const names = targets.slice(0, NAMED).map(({ label }) => label)
  return names.join(say('and')) + (targets.length > NAMED ? say('more') : '')
}

/** A file that goes out with the answer. */
function fileElement(bytes: Uint8Array, title: string): h {
  const src = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`
  return h('file', { src, title })
}
