import { formatMoment } from '@space-assistant/core/calendar/clock'
import type { Translate } from '@space-assistant/core/text/translate'
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { h, Schema } from 'koishi'
import type { Context, Fragment, Session } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import { Exports } from './exports'
import type { ExportedFile } from './exports'
import { exportCommandOf } from './intents'
import { exportRefusal } from './refusals'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { defineExportTable } from './table'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export type { ExportedFile, Exports } from './exports'
export type { ExportAsk } from './ask'

declare module 'koishi' {
  interface Context {
    exports: Exports
  }
}

export interface Config {
  /** Where a file waits for its way to whoever asked in a group. */
  dir: string
  locale: 'zh-CN' | 'en-US'
}

export const Config: Schema<Config> = Schema.object({
  dir: Schema.string().default('data/exports'),
  locale: Schema.union(['zh-CN', 'en-US'] as const).default('zh-CN'),
})

export const name = 'space-exports'
export const inject = ['database', 'schemes', 'roster', 'scoreboard', 'access', 'documents']

/** Lists as workbooks. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  defineExportTable(ctx)
  ctx.provide('exports')
  ctx.set('exports', new Exports(ctx, config.locale))
  // The command line exports without anybody to send to.
  ctx.inject(['outbox'], (inner) => {
    inner.inject(['conversation'], (talking) => {
      talking.effect(() =>
        talking.conversation.register({
          texts: 'space-exports',
          help: words.help,
          intents: {
            export: (session, intent) => {
              const text = exportCommandOf(plainSentence(session), intent)
              return answerExport(inner, config, { session, text })
            },
          },
        }),
      )
    })
    inner
      .command(`${words.command} [text:rawtext]`, { captureQuote: false })
      .action(({ session }, text = '') =>
        answerExport(inner, config, { session: present(session, 'session'), text: h.unescape(text) }),
      )
  })
}

function plainSentence({ stripped }: Session): string {
  const texts = h.select(h.parse(stripped.content), 'text')
  return texts.map(({ attrs }) => String(attrs['content'])).join(' ')
}

async function answerExport(
  ctx: Context,
  config: Config,
  { session, text }: { session: Session; text: string },
): Promise<Fragment> {
  const say: Translate = (key, params = {}) => {
    return h.unescape(session.text(key.startsWith('space-') ? key : `space-exports.${key}`, params))
  }
  const viewer = await ctx.access.viewer(session)
  const refuse = (refusal: { code: string; params: object }) => h.text(say(...exportRefusal(refusal)))
  if (words.log.includes(text.trim())) {
    const log = await ctx.exports.log(viewer)
    if (!log.ok) return refuse(log)
    const lines = log.value.map((row) => say('log-line', { ...row, at: formatMoment(row.at) }))
    return h.text(lines.join('\n') || say('log-none'))
  }
  const ask = ctx.exports.read(text, viewer)
  if (typeof ask === 'string') {
    const more = ask === 'how-to' && ctx.access.check(viewer, { kind: 'groups' }).ok
    return h.text(
      more
        ? `${say(ask)}
${say('how-to-staff')}`
        : say(ask),
    )
  }
  const outcome = await ctx.exports.make(viewer, await ctx.access.nameOf(session), ask)
  if (!outcome.ok) return refuse(outcome)
  const { value: file } = outcome
  if (session.isDirect) {
    const src = `data:application/octet-stream;base64,${Buffer.from(file.bytes).toString('base64')}`
    return h('file', { src, title: file.title })
  }
  await sendPrivately(ctx, config, { session, file })
  return h.text(say('sent', { what: file.what }))
}

/** Asked for in a group: the file goes to the asker alone. */
async function sendPrivately(
  ctx: Context,
  { dir }: Config,
  { session, file }: { session: Session; file: ExportedFile },
): Promise<void> {
  const { platform, selfId, userId, messageId } = session
  const folder = resolve(ctx.baseDir, dir)
  const name = `${createHash('sha256').update(file.bytes).digest('hex').slice(0, 32)}.xlsx`
  await mkdir(folder, { recursive: true })
  await removeOld(folder)
  await writeFile(join(folder, name), file.bytes)
  const content = h('file', { src: pathToFileURL(join(folder, name)).href, title: file.title })
  await ctx.outbox.enqueue({
    key: `export/${platform}/${messageId ?? name}`.slice(0, 190),
    target: { platform, selfId, channelId: `private:${userId}` },
    ...{ kind: 'export', content, priority: 'answer' },
  })
}

const KEEP_MS = 4 * 86_400_000

/** What was sent, or could not be for days, is not kept: there are names in it. */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > KEEP_MS) await rm(path, { force: true })
  }
}
