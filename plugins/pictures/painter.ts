import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { FontWeight, Picture } from '@space-assistant/core/pictures/shape'

export interface PainterOptions {
  /** Files of the two weights. */
  fonts: Record<FontWeight, string>
  /** Bytes of a picture at most. */
  limit: number
  /** The thread ends after so long without work, and its memory with it. */
  idleMs: number
}

/** A picture that takes longer than this will never come. */
const PATIENCE_MS = 20_000
const MEMORY_MB = 256

type Answer = { id: number; bytes: Uint8Array } | { id: number; problem: string }

interface Job {
  resolve(bytes: Uint8Array): void
  reject(error: Error): void
}

/** The thread that paints, started when there is something to paint; one that breaks is replaced by the next picture. */
export class Painter {
  private worker: Worker | undefined
  private idle: NodeJS.Timeout | undefined
  private readonly jobs = new Map<number, Job>()
  private last = 0

  constructor(private readonly options: PainterOptions) {}

  /** The picture as PNG, or as JPEG where that would be too large; rejects when the thread fails. */
  paint(picture: Picture): Promise<Uint8Array> {
    const worker = (this.worker ??= this.start())
    clearTimeout(this.idle)
    const id = ++this.last
    return new Promise<Uint8Array>((resolve, reject) => {
      const timer = setTimeout(() => this.fail(worker, new Error('painting took too long')), PATIENCE_MS)
      const settle = <T>(act: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer)
          act(value)
        }
      }
      this.jobs.set(id, { resolve: settle(resolve), reject: settle(reject) })
      worker.postMessage({ id, picture, limit: this.options.limit })
    }).finally(() => this.rest())
  }

  stop(): void {
    if (this.worker) this.fail(this.worker, new Error('the painter was stopped'))
    clearTimeout(this.idle)
  }

  private start(): Worker {
    // By its package's name, because the file lies beside the sources and not among what is built from them.
    const file = createRequire(__filename).resolve('koishi-plugin-space-pictures/painter.cjs')
    const worker = new Worker(file, {
      workerData: { fonts: this.options.fonts },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      execArgv: [],
    })
    worker.unref()
    worker.on('message', (answer: Answer) => this.take(answer))
    worker.on('error', (error: Error) => this.fail(worker, error))
    worker.on('exit', () => this.fail(worker, new Error('the painter ended')))
    return worker
  }

  private take(answer: Answer): void {
    const job = this.jobs.get(answer.id)
    this.jobs.delete(answer.id)
    if ('bytes' in answer) job?.resolve(answer.bytes)
    else job?.reject(new Error(`the picture cannot be painted: ${answer.problem}`))
  }

  private fail(worker: Worker, error: Error): void {
    if (this.worker !== worker) return
    this.worker = undefined
    const jobs = [...this.jobs.values()]
    this.jobs.clear()
    for (const job of jobs) job.reject(error)
    void worker.terminate()
  }

  private rest(): void {
    if (this.jobs.size || !this.worker) return
    clearTimeout(this.idle)
    this.idle = setTimeout(() => this.stop(), this.options.idleMs)
    this.idle.unref()
  }
}
