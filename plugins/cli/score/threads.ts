import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Headers } from '@space-assistant/core/formats/headers'
import type { IdSet } from '@space-assistant/core/scoring/lines/id-set'
import type { IdSetState } from '@space-assistant/core/scoring/lines/id-set'
import { Unusual } from '@space-assistant/core/scoring/lines/unusual'
import type { Reason } from '@space-assistant/core/scoring/lines/unusual'
import type { Counts } from '@space-assistant/core/scoring/lines/counts'
import type { PointsTable } from '@space-assistant/core/scoring/lines/points'
import type { LineSetup } from '@space-assistant/core/scoring/lines/setup'
import type { SliceResult } from '@space-assistant/core/scoring/lines/slice'
import { packAll } from './packed'
import type { Packed, PackRange } from './packed'
import { addPoints } from './points'
import type { PointsQuery, PointsRange } from './points'
import { readSlice } from './slice-file'
import type { Slice } from './slice-file'

export type Task =
  | { kind: 'read'; slice: Slice; setup: LineSetup; headers: Headers; before: IdSetState | undefined }
  | { kind: 'pack'; slices: Counts[]; range: PackRange }
  | { kind: 'points'; slices: Counts[]; range: PointsRange }
export type Answer =
  | { kind: 'read'; result: SliceResult }
  | { kind: 'pack'; packed: Packed }
  | { kind: 'points' }
  | { kind: 'unusual'; reason: Reason }

/** What reading a slice needs beside its setup. */
interface Context {
  headers: Headers
  /** Ids of earlier files. */
  before: IdSet | undefined
}

/** This thread and, from the first large file on, a second one. */
export class Threads {
  #worker: Worker | undefined

  constructor(
    /** Threads that may work at once, this one included. */
    readonly count: number,
  ) {}

  /** Starts the second thread ahead of time, while this one still reads the roster. */
  start(): void {
    if (this.count < 2) return
    this.#worker ??= new Worker(...workerFile())
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  /** Counts one or two slices at once; the first in this thread. */
  async read(
    slices: readonly Slice[],
    setup: LineSetup,
    { headers, before }: Context,
  ): Promise<SliceResult[]> {
    const [first, ...others] = slices
    if (this.count < 2) return this.#readAlone(slices, setup, { headers, before })
    const rest = others.map(async (slice) => {
      const answer = await this.#ask({ kind: 'read', slice, setup, headers, before: before?.state })
      return answer.kind === 'read' ? answer.result : failed()
    })
    const own = readSlice(first!, setup, { headers, before })
    const [mine, ...theirs] = await Promise.allSettled([own, ...rest])
    return [mine, ...theirs].map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    })
  }

  async #readAlone(slices: readonly Slice[], setup: LineSetup, context: Context): Promise<SliceResult[]> {
    const results: SliceResult[] = []
    for (const slice of slices) results.push(await readSlice(slice, setup, context))
    return results
  }

  /** Packs the members of some slices. */
  async pack(slices: Counts[], members: number, numbers: readonly number[]): Promise<Packed[]> {
    const half = this.#worker ? members >> 1 : members
    const theirs =
      this.#worker && this.#ask({ kind: 'pack', slices, range: { from: half, to: members, numbers } })
    const mine = packAll(slices, { from: 0, to: half, numbers })
    const answer = await theirs
    if (!answer) return [mine]
    return [mine, answer.kind === 'pack' ? answer.packed : failed()]
  }

  /** Adds up the points of all members of some slices. */
  async points(slices: Counts[], members: number, query: PointsQuery): Promise<PointsTable> {
    const table = new Float64Array(
      new SharedArrayBuffer(members * query.numbers.length * Float64Array.BYTES_PER_ELEMENT),
    )
    const half = this.#worker ? members >> 1 : members
    const theirs =
      this.#worker &&
      this.#ask({ kind: 'points', slices, range: { ...query, from: half, to: members, table } })
    addPoints(slices, { ...query, from: 0, to: half, table })
    await theirs
    return table
  }

  #ask(task: Task): Promise<Answer> {
    this.start()
    const worker = this.#worker!
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError)
        act()
      }
      const onMessage = (answer: Answer) =>
        settle(() => (answer.kind === 'unusual' ? reject(new Unusual(answer.reason)) : resolve(answer)))
      const onError = (error: Error) => settle(() => reject(error))
      worker.on('message', onMessage).on('error', onError)
      worker.postMessage(task)
    })
  }
}

function failed(): never {
  throw new Error('score: the second thread answered another question')
}

/** What is built starts from its one file again; in development the thread has TypeScript of its own. */
function workerFile(): ConstructorParameters<typeof Worker> {
  const source = join(__dirname, 'slice-worker.ts')
  if (!existsSync(source)) return [join(__dirname, '../../built.cjs'), { workerData: { bundle: __filename } }]
  return [source, { execArgv: ['-r', require.resolve('tsx/cjs'), '-C', 'development'] }]
}
