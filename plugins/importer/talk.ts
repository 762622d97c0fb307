import type { ProblemLocale } from '@space-assistant/core/formats/problems'
import type { Problem } from '@space-assistant/core/formats/rows'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Context, Fragment, Session } from 'koishi'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-access'
import type { Preview } from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-schemes'
import { attachmentOf, fetchAttachment } from './attachment'
import type { ImportAttachment } from './attachment'
import { historyLine, listProblems, summarize } from './summary'
import type { Translate } from '@space-assistant/core/text/translate'
import { parseImportCommand, words } from './command'
import type { ImportCommand } from './command'

export interface ImportTalkOptions {
  maxMegabytes: number
  /** Milliseconds after which a person is told that the work goes on. */
  patience: number
}

const WAIT_MS = 5 * 60_000
/** Files and undoing are questions about the same: the later one is meant. */
const ABOUT = 'import'
/** How far the last import that stands is looked for. */
const LOOKED_BACK = 20
const ALL = 100_000
const tables = /\.(xlsx|xls|csv)$/i

/** The import command in one chat: what it says, and what it waits for. */
export class Importer {
  /** The newest preview of each person, for a bare confirmation. */
  private readonly newest = new Map<string, Preview>()
  /** The refused rows of each person's newest file that were not told yet; they may be asked for after it was stored. */
  private readonly untold = new Map<string, { problems: readonly Problem[]; from: number; until: Date }>()

  constructor(
    private readonly ctx: Context,
    private readonly options: ImportTalkOptions,
  ) {}

  async answer(session: Session, text: string): Promise<Fragment> {
    const { say, viewer, refusal } = await this.open(session)
    if (refusal !== undefined) return h.text(refusal)
    const attachment = attachmentOf(session)
    const command = parseImportCommand(plain(text), this.ctx.schemes.headers.dates)
    switch (command.kind) {
      case 'file':
        if (attachment) return this.take(session, attachment, command)
        this.askForFile(session, say, command)
        return h.text(say('send-file'))
      case 'confirm':
        return this.confirmCommand(session, say, command.id)
      case 'cancel':
        return this.cancel(session)
      case 'problems':
        return h.text(this.nextProblems(keyOf(session), say))
      case 'history':
        return this.history(viewer, say)
      case 'undo':
        return h.text(await this.askToUndo(session, { say, viewer, id: command.id }))
      case 'unknown':
        return h.text(say('how-to', { word: command.word }))
    }
  }

  /** Who asks, and the sentence for somebody who may not. */
  private async open(session: Session): Promise<{ say: Translate; viewer: Viewer; refusal?: string }> {
    const say = sayIn(session)
    const viewer = await this.ctx.access.viewer(session)
    const may = this.ctx.access.check(viewer, { kind: 'import' })
    return { say, viewer, ...(!may.ok && { refusal: this.explain(may, say) }) }
  }

  /** The same as the command, asked in a sentence. */
  start(session: Session, ask: string | undefined, number: number | undefined): Promise<Fragment> {
    const { history, undo } = words
    if (ask === 'list' || ask === 'show') return this.answer(session, history[0] ?? '')
    if (ask === 'undo') return this.answer(session, `${undo[0] ?? ''} ${number ?? ''}`)
    return this.answer(session, '')
  }

  /** A table that staff send in private is looked at without a command. */
  async overhear(session: Session): Promise<Fragment | undefined> {
    const attachment = session.isDirect ? attachmentOf(session) : undefined
    if (!attachment || !tables.test(attachment.name) || plain(session.stripped.content).trim())
      return undefined
    const { refusal } = await this.open(session)
    return refusal === undefined ? this.take(session, attachment, { kind: 'file' }) : undefined
  }

  private askForFile(session: Session, say: Translate, command: ImportCommand & { kind: 'file' }): void {
    this.ctx.conversation.ask(session, {
      about: ABOUT,
      form: 'file',
      label: say('question.file'),
      ms: WAIT_MS,
      expired: say('question.file-expired'),
      answer: async (next, answer) => {
        if (answer.kind === 'no') return h.text(sayIn(next)('cancelled'))
        const attachment = attachmentOf(next)
        return attachment && this.take(next, attachment, command)
      },
    })
  }

  private async take(
    session: Session,
    attachment: ImportAttachment,
    command: ImportCommand & { kind: 'file' },
  ): Promise<Fragment> {
    const { say, viewer, refusal } = await this.open(session)
    if (refusal !== undefined) return h.text(refusal)
    const fetched = await fetchAttachment(this.ctx, attachment, this.options.maxMegabytes * 2 ** 20)
    if (!fetched.ok) return h.text(say(`refusal.${fetched.code}`, fetched.params))
    let read = 0
    const by = await this.ctx.access.nameOf(session)
    const outcome = await this.patiently(
      session,
      () => say('reading', { rows: read }),
      () =>
        this.ctx.imports.preview(
          {
            ...attachment,
            bytes: fetched.bytes,
            ...(command.as && { kind: command.as }),
            ...(command.day !== undefined && { day: command.day }),
            by,
            progress: (rows) => void (read = rows),
          },
          viewer,
        ),
    )
    if (!outcome.ok) return h.text(this.explain(outcome, say))
    this.remember(session, outcome.value)
    const number = outcome.value.nothingNew ? 0 : this.askToStore(session, say, outcome.value)
    return h.text(summarize(outcome.value, say, number))
  }

  private askToStore(session: Session, say: Translate, preview: Preview): number {
    const { conversation } = this.ctx
    const ms = Math.max(preview.until.getTime() - Date.now(), 1)
    const label = say('question.store', { name: preview.name })
    conversation.ask(session, {
      about: `${ABOUT}-instead`,
      form: 'file',
      label,
      ms,
      answer: async (next) => {
        const attachment = attachmentOf(next)
        return attachment && this.take(next, attachment, { kind: 'file' })
      },
    })
    return conversation.ask(session, {
      about: ABOUT,
      form: 'act',
      label,
      number: Number(preview.id),
      ms,
      expired: say('question.store-expired', { name: preview.name }),
      answer: async (next, answer) =>
        answer.kind === 'yes' ? this.confirm(next, preview.id) : this.cancel(next),
    })
  }

  /** In a group only with its number, whatever command it is said by. */
  private confirmCommand(session: Session, say: Translate, id: string | undefined): Promise<Fragment> {
    const newest = this.newest.get(keyOf(session))?.id
    if (id === undefined && newest !== undefined && !session.isDirect)
      return Promise.resolve(h.text(say('confirm-number', { id: newest })))
    return this.confirm(session, id)
  }

  private async confirm(session: Session, id?: string): Promise<Fragment> {
    const { say, viewer, refusal } = await this.open(session)
    if (refusal !== undefined) return h.text(refusal)
    const previewId = id ?? this.newest.get(keyOf(session))?.id
    if (previewId === undefined) return h.text(say('nothing-waits'))
    const outcome = await this.patiently(
      session,
      () => say('storing'),
      () => this.ctx.imports.confirm(previewId, viewer),
    )
    if (!outcome.ok) return h.text(this.explain(outcome, say))
    this.forget(session)
    const { id: number, understood, changed, refused } = outcome.value
    return h.text(say(refused ? 'stored-refused' : 'stored', { id: number, understood, changed, refused }))
  }

  private cancel(session: Session): Fragment {
    const preview = this.newest.get(keyOf(session))
    if (preview) this.ctx.imports.discard(preview.id)
    this.forget(session)
    return h.text(sayIn(session)(preview ? 'cancelled' : 'nothing-waits'))
  }

  private forget(session: Session): void {
    this.newest.delete(keyOf(session))
    for (const about of [ABOUT, `${ABOUT}-instead`]) this.ctx.conversation.settle(session, about)
  }

  /** Says what would be taken back, the last import where no number is given, and does it after a yes. */
  private async askToUndo(
    session: Session,
    { say, viewer, id }: { say: Translate; viewer: Viewer; id: number | undefined },
  ): Promise<string> {
    const outcome = await this.ctx.imports.history(viewer, id === undefined ? LOOKED_BACK : ALL)
    if (!outcome.ok) return this.explain(outcome, say)
    const row = outcome.value.find((each) => (id === undefined ? each.state === 'stored' : each.id === id))
    if (!row)
      return id === undefined
        ? say('history.none')
        : this.explain({ code: 'no-such-import', params: { id } }, say)
    if (row.state !== 'stored') return this.explain({ code: 'already-undone', params: { id: row.id } }, say)
    const number = this.ctx.conversation.ask(session, {
      about: ABOUT,
      form: 'act',
      label: say('question.undo', { id: row.id }),
      number: row.id,
      ms: WAIT_MS,
      expired: say('question.undo-expired', { id: row.id }),
      answer: async (next, answer) =>
        answer.kind === 'yes' ? this.undo(next, row.id) : h.text(sayIn(next)('not-undone', { id: row.id })),
    })
    return say('undo-preview', { line: historyLine(row, say), number })
  }

  private async undo(session: Session, id: number): Promise<Fragment> {
    const { say, viewer } = await this.open(session)
    const outcome = await this.patiently(
      session,
      () => say('storing'),
      async () => this.ctx.imports.undo(id, viewer, await this.ctx.access.nameOf(session)),
    )
    if (!outcome.ok) return h.text(this.explain(outcome, say))
    return h.text(say('undone', { id, kind: say(`kind.${outcome.value.kind}`) }))
  }

  private async history(viewer: Viewer, say: Translate): Promise<Fragment> {
    const outcome = await this.ctx.imports.history(viewer, 10)
    if (!outcome.ok) return h.text(this.explain(outcome, say))
    if (!outcome.value.length) return h.text(say('history.none'))
    const lines = outcome.value.map((row) => historyLine(row, say))
    return h.text([say('history.head'), ...lines, say('history.foot')].join('\n'))
  }

  private explain(
    refusal: { code: string; params: Record<string, string | number> },
    say: Translate,
  ): string {
    return this.ctx.imports.explain(refusal, say('language') as ProblemLocale)
  }

  /** Says once that the work goes on when it takes long. */
  private async patiently<T>(session: Session, line: () => string, work: () => Promise<T>): Promise<T> {
    const cancel = this.ctx.setTimeout(() => void session.send(h.text(line())), this.options.patience)
    try {
      return await work()
    } finally {
      cancel()
    }
  }

  private remember(session: Session, preview: Preview): void {
    const now = Date.now()
    for (const waiting of [this.newest, this.untold])
      for (const [key, { until }] of waiting) if (until.getTime() < now) waiting.delete(key)
    this.newest.set(keyOf(session), preview)
    const { problems, until } = preview
    this.untold.set(keyOf(session), { problems, from: 0, until })
  }

  /** As many refused rows as fit one message; the next time those that follow, after the last the first again. */
  private nextProblems(key: string, say: Translate): string {
    const told = this.untold.get(key)
    if (!told?.problems.length) return say(told ? 'no-problems' : 'nothing-waits')
    const { text, shown } = listProblems(told.problems.slice(told.from), say)
    told.from = told.from + shown < told.problems.length ? told.from + shown : 0
    return text
  }
}

function sayIn(session: Session): Translate {
  return (key, params = {}) => h.unescape(session.text(`space-importer.${key}`, params))
}

/** The words of a message without its elements, as they were typed. */
function plain(content: string): string {
  return h
    .select(h.parse(content), 'text')
    .map((element) => String(element.attrs['content']))
    .join(' ')
}

function keyOf({ platform, selfId, userId }: Session): string {
  return `${platform}:${selfId}:${userId}`
}
