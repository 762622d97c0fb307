import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-exports'
import { exitCodes } from './outcome'
import { shellViewer, withServices } from './services'
import { locale, text } from './text'

/** `space export`: the same lists as the command in a chat, to a file. */
export async function run(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' } },
  })
  const started = process.cwd()
  if (!positionals.length) return complain(text('export-what'))
  return withServices(['exports', 'database'], async (ctx) => {
    const say = (key: string, params: object = {}) => h.unescape(ctx.i18n.text([locale], [key], params))
    const ask = ctx.exports.read(positionals.join(' '), shellViewer)
    if (typeof ask === 'string') return complain(say(`space-exports.${ask}`))
    const file = await ctx.exports.make(shellViewer, userInfo().username, ask)
    if (!file.ok) return complain(say(`space-exports.refusal.${file.code}`, file.params))
    const path = resolve(started, values.out ?? file.value.title)
    writeFileSync(path, file.value.bytes)
    process.stdout.write(`${text('export-written', { path, rows: file.value.rows })}\n`)
    return exitCodes.done
  })
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return exitCodes.usage
}
