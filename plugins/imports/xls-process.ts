import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { RefusedCell } from '@space-assistant/core/formats/cells'
import type { FileRefusalCode } from '@space-assistant/core/formats/codes'
import type { FileLimits } from '@space-assistant/core/formats/limits'
import type { XlsSheet } from '@space-assistant/core/formats/xls'

/** What the process answers, a few rows at a time so that taking them over never holds up other work. */
type Answer =
  | { kind: 'sheet'; sheet: XlsSheet }
  | { kind: 'rows'; rows: XlsSheet['rows'] }
  | { kind: 'refused'; code: FileRefusalCode; params: Record<string, string | number> }
  | { kind: 'end' }

const MEMORY_MB = 256
/** All of the process, with what the heap's limit does not count. */
const RESIDENT_MB = 300
/** For starting, which takes long on a busy machine, and for each megabyte. */
const TIME_MS = 20_000
const TIME_PER_MB = 1_500
/** Of the processor, which is as much on a busy machine as on an idle one. */
const PROCESSOR_MS = 4_000

// The process is told by its command line what to do, so that it needs no file of its own; the reader of the core is
// loaded by its package name.
const code = `
const { createRequire } = require('node:module')
const { Worker } = require('node:worker_threads')
// The library lets nothing run beside it until it is done: another thread looks at what the process takes.
const watch = \`
const { workerData } = require('node:worker_threads')
setInterval(() => {
  const { user, system } = process.cpuUsage()
  const isOver = user + system > workerData.processor || process.memoryUsage.rss() > workerData.resident
  if (isOver) process.kill(process.pid, 'SIGKILL')
}, 50)
\`
process.once('message', ({ bytes, limits, from, most }) => {
  new Worker(watch, { eval: true, workerData: most, execArgv: [] }).unref()
  const say = (answer) => new Promise((done) => process.send(answer, () => done()))
  const read = async () => {
    const { readXlsSheets } = createRequire(from)('@space-assistant/core/formats/xls')
    for (const { rows, ...sheet } of readXlsSheets(bytes, limits)) {
      await say({ kind: 'sheet', sheet: { ...sheet, rows: [] } })
      for (let at = 0; at < rows.length; at += 500) await say({ kind: 'rows', rows: rows.slice(at, at + 500) })
    }
    await say({ kind: 'end' })
  }
  const refuse = (error) => say({ kind: 'refused', code: error.params ? error.code : 'broken-file', params: error.params ?? {} })
  read().catch(refuse).then(() => process.disconnect())
})
`

/**
 * Reads what only the library reads in a process of its own with limits on memory and time: it trusts what a file says
 * of itself, and a damaged one can fill the heap, which no limit of a thread survives.
 */
export function readXlsInProcess(bytes: Uint8Array, limits: FileLimits): Promise<XlsSheet[]> {
  const from = __filename
  const source = from.endsWith('.ts') ? sourceArguments(from) : []
  const child = spawn(process.execPath, [`--max-old-space-size=${MEMORY_MB}`, ...source, '-e', code], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    // It needs no setting, least of all a secret one.
    env: {},
  })
  return new Promise((resolve, reject) => {
    const sheets: XlsSheet[] = []
    const time = TIME_MS + (bytes.length / 2 ** 20) * TIME_PER_MB
    const timer = setTimeout(() => end(() => reject(new RefusedCell('too-heavy'))), time)
    const end = (settle: () => void) => {
      clearTimeout(timer)
      settle()
      child.kill('SIGKILL')
    }
    child.on('message', (answer: Answer) => {
      if (answer.kind === 'sheet') sheets.push(answer.sheet)
      else if (answer.kind === 'rows') sheets.at(-1)?.rows.push(...answer.rows)
      else if (answer.kind === 'end') end(() => resolve(sheets))
      else end(() => reject(new RefusedCell(answer.code, answer.params)))
    })
    child.on('error', (error) => end(() => reject(new Error('the .xls reader failed', { cause: error }))))
    // Whatever ended it before it had an answer, the file was the reason.
    child.on('exit', () => end(() => reject(new RefusedCell('too-heavy'))))
    const processor = (PROCESSOR_MS + (bytes.length / 2 ** 20) * TIME_PER_MB) * 1000
    child.send({ bytes, limits, from, most: { processor, resident: RESIDENT_MB * 2 ** 20 } })
  })
}

/** In development there are only sources. */
function sourceArguments(from: string): string[] {
  return ['-C', 'development', '-r', createRequire(from).resolve('tsx/cjs')]
}
