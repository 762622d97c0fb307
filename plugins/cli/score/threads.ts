import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { UnusualLines } from '@space-assistant/core/pipeline/unusual'
import type { UnusualReason } from '@space-assistant/core/pipeline/unusual'
import { readSlice } from './slice-file'
import type { SliceRead, SliceTask } from './slice-file'

export type SliceAnswer = { kind: 'read'; read: SliceRead } | { kind: 'unusual'; reason: UnusualReason }

/** This thread and, from the first large file on, a second one. */
export class ScoreThreads {
  #worker: Worker | undefined

  constructor(
    /** Threads that may work at once, this one included. */
    readonly count: number,
  ) {}

  /** Starts the second thread ahead of time, while this one still reads the roster. */
  start(): void {
    if (this.count > 1) this.#worker ??= new Worker(...workerFile())
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  /** Reads one or two slices at once; the first in this thread. */
  async read(tasks: readonly SliceTask[]): Promise<SliceRead[]> {
    const [first, second, ...others] = tasks
    if (!first) return []
    if (!second || this.count < 2) return [await readSlice(first), ...(await this.read(tasks.slice(1)))]
    const [mine, theirs] = await Promise.allSettled([readSlice(first), this.#ask(second)])
    return [settled(mine), settled(theirs), ...(await this.read(others))]
  }

  #ask(task: SliceTask): Promise<SliceRead> {
    const worker = (this.#worker ??= new Worker(...workerFile()))
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError)
        act()
      }
      const onMessage = (answer: SliceAnswer) =>
        settle(() =>
          answer.kind === 'read' ? resolve(answer.read) : reject(new UnusualLines(answer.reason)),
        )
      const onError = (error: Error) => settle(() => reject(error))
      worker.on('message', onMessage).on('error', onError)
      worker.postMessage(task)
    })
  }
}

function settled<T>(one: PromiseSettledResult<T>): T {
  if (one.status === 'rejected') throw one.reason
  return one.value
}

/** What is built starts from its one file again; in development the thread has TypeScript of its own. */
function workerFile(): ConstructorParameters<typeof Worker> {
  const source = join(__dirname, 'slice-worker.ts')
  if (!existsSync(source)) return [join(__dirname, '../../built.cjs'), { workerData: { bundle: __filename } }]
  return [source, { execArgv: ['-r', require.resolve('tsx/cjs'), '-C', 'development'] }]
}
