import type { Outcome } from '@space-assistant/core/access/outcome'
import { accessRefusalCodes } from '@space-assistant/core/access/visibility'
import type { Translate } from '@space-assistant/core/text/translate'
import { h, Schema } from 'koishi'
import type { Context, Fragment, Session } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-conversation'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { MATERIAL_MB, Materials } from './materials'
import { defineMaterialTable } from './table'
import type { MaterialRow } from './table'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export type { Materials } from './materials'
export type { MaterialRow } from './table'

declare module 'koishi' {
  interface Context {
    materials: Materials
  }
}

export interface Config {
  /** Where the files lie. */
  dir: string
}

export const Config: Schema<Config> = Schema.object({ dir: Schema.string().default('data/materials') })

export const name = 'space-materials'
export const inject = ['database', 'schemes', 'access', 'conversation']

const WAIT_MS = 10 * 60_000
const LISTED = 30
const kinds = ['file', 'img', 'image', 'video'] as const

/** Notices, criteria and training files that staff upload and everybody can get. */
export function apply(ctx: Context, { dir }: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineMaterialTable(ctx)
  ctx.provide('materials')
  ctx.set('materials', new Materials(ctx, dir))
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') => answerMaterials(ctx, present(session, 'session'), plainWords(text)))
  ctx.effect(() =>
    ctx.conversation.register({
      texts: 'space-materials',
      help: words.help,
      intents: { materials: (session, { title = '' }) => answerMaterials(ctx, session, title) },
    }),
  )
}

/** The words of a command's text, without pictures and files. */
function plainWords(markup: string): string {
  return h
    .parse(markup)
    .map(({ type, attrs }) => (type === 'text' ? String(attrs['content']) : ' '))
    .join('')
    .trim()
}

async function answerMaterials(ctx: Context, session: Session, text: string): Promise<Fragment> {
  const [first = '', ...rest] = text.split(/\s+/)
  const tail = rest.join(' ')
  const say = sayIn(session)
  const viewer = await ctx.access.viewer(session)
  if (words.upload.includes(first)) return upload(ctx, session, tail)
  if (words.remove.includes(first)) {
    const outcome = await ctx.materials.remove(viewer, Number(tail.replace(/^#/, '')) || 0)
    return h.text(outcome.ok ? say('removed', { id: outcome.value }) : refusal(say, outcome))
  }
  if (text) {
    const outcome = await ctx.materials.get(viewer, text)
    if (!outcome.ok) return h.text(refusal(say, outcome))
    const { row, bytes } = outcome.value
    const src = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`
    return h('file', { src, title: `${row.title}.${row.ending}` })
  }
  const outcome = await ctx.materials.list(viewer)
  if (!outcome.ok) return h.text(refusal(say, outcome))
  const lines = outcome.value.slice(0, LISTED).map((row) => lineOf(say, row))
  const staff = ctx.access.check(viewer, { kind: 'announce' }).ok ? say('how-to-upload') : ''
  const head = lines.length ? [say('head'), ...lines, say('how-to')] : [say('nothing-yet')]
  return h.text([...head, staff].filter(Boolean).join('\n'))
}

/** The file comes with the command or as the next message. */
async function upload(ctx: Context, session: Session, title: string): Promise<Fragment> {
  const say = sayIn(session)
  const may = ctx.access.check(await ctx.access.viewer(session), { kind: 'announce' })
  if (!may.ok) return h.text(refusal(say, may))
  if (attachmentOf(session)) return keep(ctx, session, title)
  ctx.conversation.ask(session, {
    about: 'material',
    form: 'file',
    label: say('question', { title }),
    ms: WAIT_MS,
    answer: (next, answer) => {
      if (answer.kind === 'no') return Promise.resolve(h.text(sayIn(next)('left')))
      return attachmentOf(next) ? keep(ctx, next, title) : Promise.resolve(undefined)
    },
  })
  return h.text(say('send-file', { limit: MATERIAL_MB }))
}

async function keep(ctx: Context, session: Session, title: string): Promise<Fragment> {
  const say = sayIn(session)
  const attached = attachmentOf(session)
  const { src, url, title: named, name: file } = (attached?.attrs ?? {}) as Record<string, string | undefined>
  const from = { src: src ?? url ?? '', limit: MATERIAL_MB * 2 ** 20 }
  const bytes = await ctx.conversation.download(from.src, from.limit)
  if (typeof bytes === 'string')
    return h.text(refusal(say, { ok: false, ...ctx.conversation.unfetched(bytes, from) }))
  const viewer = await ctx.access.viewer(session)
  const by = await ctx.access.nameOf(session)
  const outcome = await ctx.materials.add(viewer, { title, name: named ?? file ?? '', bytes, by })
  if (!outcome.ok) return h.text(refusal(say, outcome))
  const { id, title: kept, phase } = outcome.value
  return h.text(say(phase ? 'kept-phase' : 'kept', { id, title: kept, phase }))
}

function attachmentOf({ elements }: Pick<Session, 'elements'>): h | undefined {
  return kinds.flatMap((kind) => h.select(elements ?? [], kind))[0]
}

function lineOf(say: Translate, { id, title, phase, ending, bytes }: MaterialRow): string {
  const size = bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KB` : `${Math.round(bytes / 1024 ** 2)} MB`
  return say(phase ? 'line-phase' : 'line', { id, title, phase, ending, size })
}

function sayIn(session: Session): Translate {
  return (key, params = {}) => {
    return h.unescape(session.text(key.startsWith('space-') ? key : `space-materials.${key}`, params))
  }
}

const visibility: ReadonlySet<string> = new Set(accessRefusalCodes)

function refusal(say: Translate, { code, params }: Extract<Outcome<unknown>, { ok: false }>): string {
  return say(`${visibility.has(code) ? 'space-access.' : ''}refusal.${code}`, params)
}
