import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { RefusedCell } from '@space-assistant/core/formats/cells'
import type { FileLimits } from '@space-assistant/core/formats/limits'
import type { FileRefusalCode } from '@space-assistant/core/formats/codes'
import type { XlsSheet } from '@space-assistant/core/formats/xls'

/** What the thread answers, a few rows at a time so that taking them over never holds up other work. */
type Answer =
  | { kind: 'sheet'; sheet: XlsSheet }
  | { kind: 'rows'; rows: XlsSheet['rows'] }
  | { kind: 'refused'; code: FileRefusalCode; params: Record<string, string | number> }

const MEMORY_MB = 512
const TIME_MS = 60_000

// A thread needs a file or a text of its own; this one loads the reader of the core by its package name.
const code = `
const { createRequire } = require('node:module')
const { parentPort, workerData } = require('node:worker_threads')
const { readXlsSheets } = createRequire(workerData.from)('@space-assistant/core/formats/xls')
try {
  for (const { rows, ...sheet } of readXlsSheets(workerData.bytes, workerData.limits)) {
    parentPort.postMessage({ kind: 'sheet', sheet: { ...sheet, rows: [] } })
    for (let at = 0; at < rows.length; at += 500) {
      parentPort.postMessage({ kind: 'rows', rows: rows.slice(at, at + 500) })
    }
  }
} catch (error) {
  if (!error.params) throw error
  parentPort.postMessage({ kind: 'refused', code: error.code, params: error.params })
}
`

/** Reads an .xls in a thread with a limit on memory and time: the library reads it whole, whatever it holds. */
export function readXlsInThread(bytes: Uint8Array, limits: FileLimits): Promise<XlsSheet[]> {
  const from = __filename
  const worker = new Worker(code, {
    eval: true,
    workerData: { bytes, limits, from },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    execArgv: from.endsWith('.ts') ? sourceArguments(from) : [],
  })
  return new Promise((resolve, reject) => {
    const sheets: XlsSheet[] = []
    const timer = setTimeout(() => end(() => reject(new RefusedCell('too-heavy'))), TIME_MS)
    const end = (settle: () => void) => {
      clearTimeout(timer)
      settle()
      void worker.terminate()
    }
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'sheet') sheets.push(answer.sheet)
      else if (answer.kind === 'rows') sheets.at(-1)!.rows.push(...answer.rows)
      else end(() => reject(new RefusedCell(answer.code, answer.params)))
    })
    worker.on('error', (error: Error & { code?: string }) => {
      const heavy = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      end(() =>
        reject(heavy ? new RefusedCell('too-heavy') : new Error('the .xls reader failed', { cause: error })),
      )
    })
    worker.on('exit', () => end(() => resolve(sheets)))
  })
}

/** In development there are only sources. */
function sourceArguments(from: string): string[] {
  return ['-C', 'development', '-r', createRequire(from).resolve('tsx/cjs')]
}
