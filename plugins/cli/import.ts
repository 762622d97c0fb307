import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fileKinds } from '@space-assistant/core/formats/rows'
import type { FileKind } from '@space-assistant/core/formats/rows'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { ByteSource } from '@space-assistant/core/pipeline/source'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import { leave, unconfirmed } from './ask'
import { previewLines } from './preview'
import { shellViewer, withServices } from './services'
import { locale, text } from './text'

interface Order {
  files: string[]
  kind?: FileKind | undefined
  day?: Day | undefined
  dryRun: boolean
  yes: boolean
}

/** `space import`: each file is previewed, and stored once that is confirmed. The first refusal ends it with 1. */
export async function run(args: string[]): Promise<number> {
  const order = orderOf(args)
  if (typeof order === 'string') {
    process.stderr.write(`${order}\n`)
    return 2
  }
  const unreadable = order.files.map(whyUnreadable).find(Boolean)
  if (unreadable !== undefined) {
    process.stderr.write(`${unreadable}\n`)
    return 2
  }
  return withServices(['imports', 'database'], async (ctx) => {
    for (const file of order.files) {
      const code = await importFile(ctx, file, order)
      if (code) return code
    }
    return 0
  })
}

function whyUnreadable(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return text('import-no-such-file', { file })
  return found.isDirectory() ? text('import-folder', { file }) : undefined
}

/** What is asked for, or the sentence that says what is wrong with it. */
function orderOf(args: string[]): Order | string {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      as: { type: 'string' },
      date: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', short: 'y', default: false },
    },
  })
  if (!positionals.length) return text('import-no-file')
  const kind = fileKinds.find((one) => one === values.as)
  if (values.as !== undefined && !kind) {
    return text('import-kind', { given: values.as, permitted: fileKinds.join(', ') })
  }
  const day = values.date === undefined ? undefined : parseDay(values.date)
  if (values.date !== undefined && day === undefined) return text('import-date', { given: values.date })
  return {
    files: positionals.map((file) => resolve(file)),
    kind,
    day,
    dryRun: values['dry-run'],
    yes: values.yes,
  }
}

async function importFile(ctx: Context, path: string, { kind, day, dryRun, yes }: Order): Promise<number> {
  const opened = openSync(path, 'r')
  try {
    const source: ByteSource = {
      size: fstatSync(opened).size,
      read: (target, offset, length, position) => readSync(opened, target, offset, length, position),
    }
    const file = { name: path, bytes: source, kind, day, by: process.env['USER'] ?? '', progress }
    const preview = await ctx.imports.preview(file, shellViewer)
    if (!preview.ok) return refuse(ctx, path, preview)
    for (const line of previewLines(preview.value)) process.stdout.write(`${line}\n`)
    if (preview.value.understood === 0) {
      process.stderr.write(`${text('import-none-usable')}\n`)
      return 1
    }
    if (dryRun) return say('import-dry-run')
    if (preview.value.nothingNew) return say('import-nothing-new')
    const reason = await unconfirmed(text('import-ask'), yes)
    if (reason) return leave(reason)
    const stored = await ctx.imports.confirm(preview.value.id, shellViewer)
    return stored.ok ? say('import-done', { id: stored.value.id }) : refuse(ctx, path, stored)
  } finally {
    closeSync(opened)
  }
}

function say(key: Parameters<typeof text>[0], params?: Parameters<typeof text>[1]): number {
  process.stdout.write(`${text(key, params)}\n`)
  return 0
}

function refuse(ctx: Context, path: string, refusal: Parameters<Context['imports']['explain']>[0]): number {
  process.stderr.write(`${path}: ${ctx.imports.explain(refusal, locale)}\n`)
  return 1
}

/** One line that counts up, where somebody looks on. */
function progress(rows: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text('import-progress', { rows })}\r`)
}
