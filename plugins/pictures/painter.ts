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

type Answer = { bytes: Uint8Array } | { problem: string }

interface Job {
  picture: Picture
  resolve: (bytes: Uint8Array) => void
  reject: (error: Error) => void
}

/** Whoever asks when so many wait is better served with words. */
const MOST_WAITING = 200

/** The thread that paints, started when there is something to paint; one that breaks is replaced by the next picture. */
export class Painter {
  private worker: Worker | undefined
  private idle: NodeJS.Timeout | undefined
  /** The first is being painted. */
  private readonly jobs: Job[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly options: PainterOptions) {}

  /** The picture as PNG, or as JPEG where that would be too large; rejects when the thread fails. */
  paint(picture: Picture): Promise<Uint8Array> {
    clearTimeout(this.idle)
    if (this.jobs.length >= MOST_WAITING) return Promise.reject(new Error('too many pictures are waiting'))
    return new Promise((resolve, reject) => {
      this.jobs.push({ picture, resolve, reject })
      if (this.jobs.length === 1) this.begin()
    })
  }

  /** One after the other, so that the patience with one is not used up by those before it. */
  private begin(): void {
    const [job] = this.jobs
    if (!job) return this.rest()
    const worker = (this.worker ??= this.start())
    this.timer = setTimeout(() => this.fail(worker, new Error('painting took too long')), PATIENCE_MS)
    worker.postMessage({ picture: job.picture, limit: this.options.limit })
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
    clearTimeout(this.timer)
    const job = this.jobs.shift()
    if ('bytes' in answer) job?.resolve(answer.bytes)
    else job?.reject(new Error(`the picture cannot be painted: ${answer.problem}`))
    this.begin()
  }

  /** What waits fails with the thread; the next picture gets another one. */
  private fail(worker: Worker, error: Error): void {
    if (this.worker !== worker) return
    clearTimeout(this.timer)
    this.worker = undefined
    for (const job of this.jobs.splice(0)) job.reject(error)
    void worker.terminate()
  }

  private rest(): void {
    if (!this.worker) return
    clearTimeout(this.idle)
    this.idle = setTimeout(() => this.stop(), this.options.idleMs)
    this.idle.unref()
  }
}
