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
import { parseImportCommand, readImportAnswer } from './wish'
import type { ImportCommand } from './wish'

export interface ImportTalkOptions {
  maxMegabytes: number
  /** Milliseconds after which a person is told that the work goes on. */
  patience: number
}

const WAIT_MS = 5 * 60_000

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
    const { say, viewer, refusal } = await this.meet(session)
    if (refusal !== undefined) return h.text(refusal)
    const attachment = attachmentOf(session)
    const wish = parseImportCommand(plain(text), this.ctx.schemes.headers.dates)
    switch (wish.kind) {
      case 'file':
        if (attachment) return this.take(session, attachment, wish)
        this.awaitFile(session, wish, Date.now() + WAIT_MS)
        return h.text(say('send-file'))
      case 'confirm':
        return this.confirm(session, wish.id)
      case 'cancel':
        return this.cancel(session)
      case 'problems':
        return h.text(this.nextProblems(keyOf(session), say))
      case 'history':
        return this.history(viewer, say)
      case 'undo':
        return this.undo(session, wish.id)
      case 'no-number':
        return h.text(say('no-number'))
      case 'unknown':
        return h.text(say('how-to', { word: wish.word }))
    }
  }

  /** Who asks, and the sentence for somebody who may not. */
  private async meet(session: Session): Promise<{ say: Translate; viewer: Viewer; refusal?: string }> {
    const say = sayIn(session)
    const viewer = await this.ctx.access.viewer(session)
    const may = this.ctx.access.check(viewer, { kind: 'import' })
    return { say, viewer, ...(!may.ok && { refusal: this.explain(may, say) }) }
  }

  /** Takes the next file of the same person; whatever else is said goes its way. */
  private awaitFile(session: Session, wish: ImportCommand & { kind: 'file' }, until: number): void {
    this.ctx.conversation.expect(
      session,
      async (next) => {
        const attachment = attachmentOf(next)
        if (attachment) return this.take(next, attachment, wish)
        if (readImportAnswer(plain(next.stripped.content)) === 'cancel')
          return h.text(sayIn(next)('cancelled'))
        if (Date.now() < until) this.awaitFile(next, wish, until)
        return undefined
      },
      Math.max(until - Date.now(), 1),
    )
  }

  private async take(
    session: Session,
    attachment: ImportAttachment,
    wish: ImportCommand & { kind: 'file' },
  ): Promise<Fragment> {
    const { say, viewer, refusal } = await this.meet(session)
    if (refusal !== undefined) return h.text(refusal)
    const fetched = await fetchAttachment(this.ctx, attachment, this.options.maxMegabytes * 2 ** 20)
    if (!fetched.ok) return h.text(say(`refusal.${fetched.code}`, fetched.params))
    let read = 0
    const outcome = await this.patiently(
      session,
      () => say('reading', { rows: read }),
      () =>
        this.ctx.imports.preview(
          {
            ...attachment,
            bytes: fetched.bytes,
            ...(wish.as && { kind: wish.as }),
            ...(wish.day !== undefined && { day: wish.day }),
            by: nameOf(session),
            progress: (rows) => void (read = rows),
          },
          viewer,
        ),
    )
    if (!outcome.ok) return h.text(this.explain(outcome, say))
    this.remember(session, outcome.value)
    if (!outcome.value.nothingNew) this.awaitYes(session, outcome.value)
    return h.text(summarize(outcome.value, say))
  }

  private awaitYes(session: Session, preview: Preview): void {
    this.ctx.conversation.expect(
      session,
      async (next) => {
        const answer = readImportAnswer(plain(next.stripped.content))
        if (answer === 'confirm') return this.confirm(next, preview.id)
        if (answer === 'cancel') return this.cancel(next)
        const attachment = attachmentOf(next)
        if (attachment) return this.take(next, attachment, { kind: 'file' })
        if (preview.until.getTime() > Date.now()) this.awaitYes(next, preview)
        return undefined
      },
      Math.max(preview.until.getTime() - Date.now(), 1),
    )
  }

  private async confirm(session: Session, id?: string): Promise<Fragment> {
    const { say, viewer, refusal } = await this.meet(session)
    if (refusal !== undefined) return h.text(refusal)
    const previewId = id ?? this.newest.get(keyOf(session))?.id
    if (previewId === undefined) return h.text(say('nothing-waits'))
    const outcome = await this.patiently(
      session,
      () => say('storing'),
      () => this.ctx.imports.confirm(previewId, viewer),
    )
    if (!outcome.ok) return h.text(this.explain(outcome, say))
    this.newest.delete(keyOf(session))
    const { id: number, understood, changed, refused } = outcome.value
    return h.text(say(refused ? 'stored-refused' : 'stored', { id: number, understood, changed, refused }))
  }

  private cancel(session: Session): Fragment {
    const preview = this.newest.get(keyOf(session))
    if (preview) this.ctx.imports.discard(preview.id)
    this.newest.delete(keyOf(session))
    return h.text(sayIn(session)(preview ? 'cancelled' : 'nothing-waits'))
  }

  private async undo(session: Session, id: number): Promise<Fragment> {
    const { say, viewer } = await this.meet(session)
    const outcome = await this.patiently(
      session,
      () => say('storing'),
      () => this.ctx.imports.undo(id, viewer, nameOf(session)),
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

/** How the history calls somebody without a roster account. */
function nameOf(session: Session): string {
  return session.username || session.platform
}
