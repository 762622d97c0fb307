import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Headers } from '@space-assistant/core/formats/headers'
import type { Engine, EngineParts } from '@space-assistant/core/scoring/lines/engine'
import { addPoints } from '@space-assistant/core/scoring/lines/points'
import type { PointsTask } from '@space-assistant/core/scoring/lines/points'
import type { LineSetup } from '@space-assistant/core/scoring/lines/setup'
import type { SliceResult } from '@space-assistant/core/scoring/lines/slice'
import { Unusual } from '@space-assistant/core/scoring/lines/unusual'
import type { Reason } from '@space-assistant/core/scoring/lines/unusual'
import { packAll } from './packed'
import type { Packed, PackTask } from './packed'
import { readSlice } from './slice-file'
import type { Slice } from './slice-file'

export type Task =
  | { kind: 'begin'; parts: EngineParts }
  | { kind: 'read'; slice: Slice; setup: LineSetup; headers: Headers; before: number | undefined }
  | { kind: 'pack'; task: PackTask }
  | { kind: 'points'; task: PointsTask }
export type Answer =
  | { kind: 'read'; result: SliceResult }
  | { kind: 'pack'; packed: Packed }
  | { kind: 'points' }
  | { kind: 'unusual'; reason: Reason }

/** What reading slices needs beside them. */
interface ReadContext {
  setup: LineSetup
  headers: Headers
  /** Address of the ids of earlier files. */
  before: number | undefined
}

/** This thread and, from the first large file on, a second one, both with the same engine. */
export class Threads {
  #worker: Worker | undefined
  #engine: Engine | undefined

  constructor(
    /** Threads that may work at once, this one included. */
    readonly count: number,
  ) {}

  /** Starts the second thread ahead of time. */
  start(): void {
    if (this.count < 2) return
    this.#worker ??= new Worker(...workerFile())
  }

  /** Says which engine they share; before anything else is asked. */
  share(engine: Engine): void {
    this.#engine = engine
    this.#worker?.postMessage({ kind: 'begin', parts: engine.parts } satisfies Task)
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  /** Counts one or two slices at once; the first in this thread. */
  async read(slices: readonly Slice[], context: ReadContext): Promise<SliceResult[]> {
    const [first, ...others] = slices
    if (this.count < 2) return this.#readAlone(slices, context)
    const rest = others.map(async (slice) => {
      const answer = await this.#ask({ kind: 'read', slice, ...context })
      return answer.kind === 'read' ? answer.result : failed()
    })
    const [mine, ...theirs] = await Promise.allSettled([this.#readHere(first!, context), ...rest])
    return [mine, ...theirs].map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    })
  }

  #readHere(slice: Slice, context: ReadContext): Promise<SliceResult> {
    return readSlice(slice, { engine: this.#engine!, ...context })
  }

  async #readAlone(slices: readonly Slice[], context: ReadContext): Promise<SliceResult[]> {
    const results: SliceResult[] = []
    for (const slice of slices) results.push(await this.#readHere(slice, context))
    return results
  }

  /** Packs the members of some slices. */
  async pack(task: PackTask): Promise<Packed[]> {
    const [ours, theirs] = this.#halves(task.setup.shift, task.to)
    const others = theirs && this.#ask({ kind: 'pack', task: { ...task, ...theirs } })
    const mine = packAll(this.#engine!, { ...task, ...ours })
    const answer = await others
    if (!answer) return [mine]
    return [mine, answer.kind === 'pack' ? answer.packed : failed()]
  }

  /** Adds up the points of all members of some slices. */
  async points(task: PointsTask): Promise<void> {
    const [ours, theirs] = this.#halves(task.shift, task.to)
    const others = theirs && this.#ask({ kind: 'points', task: { ...task, ...theirs } })
    addPoints(this.#engine!, { ...task, ...ours })
    await others
  }

  /** Whole groups of members for each thread. */
  #halves(shift: number, members: number): { from: number; to: number }[] {
    if (!this.#worker) return [{ from: 0, to: members }]
    const half = ((members >> 1) >> shift) << shift
    return [
      { from: 0, to: half },
      { from: half, to: members },
    ]
  }

  #ask(task: Task): Promise<Answer> {
    if (!this.#worker) {
      this.start()
      this.share(this.#engine!)
    }
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
