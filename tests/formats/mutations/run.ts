// Damages files of every kind and reads each as an import would: npm run mutations -- [how many] [first seed]
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readXlsInProcess } from '../../../plugins/imports/xls-process'
import { mutate } from './mutate'
import { makeOriginals } from './originals'
import { answerFile } from './reading'

const LIMITS = { memoryMb: 300, ms: 5000 }

interface Reading {
  seed: number
  kind: string
  done: string[]
  answer?: string
  error?: string
  ms: number
}

/** The process that reads: told a seed, it answers what it made of the file. */
async function read(): Promise<void> {
  const originals = await makeOriginals()
  process.on('message', (seed: number) => {
    const { kind, done, bytes } = mutate(originals, seed)
    resetPeak()
    const from = performance.now()
    const tell = (result: { answer?: string; error?: string }) =>
      process.send?.({ seed, kind, done, ms: performance.now() - from, ...result } satisfies Reading)
    answerFile(bytes, readXlsInProcess).then(
      (answer) => tell({ answer }),
      (error: unknown) => tell({ error: String(error) }),
    )
  })
  process.send?.('ready')
}

/** From here on the peak of resident memory is that of the next file (proc(5), clear_refs). */
function resetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5')
}

/** Milliseconds of the processor that a process and those that it started have used so far (proc(5), stat). */
function processorMs(pid: number): number {
  const ticks = (id: string): number => {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      // Its own, and of those of its children that have ended.
      return [11, 12, 13, 14].reduce<number>((sum, at) => sum + Number(fields[at]), 0)
    } catch {
      return 0
    }
  }
  return [String(pid), ...childrenOf(pid)].map(ticks).reduce((sum, own) => sum + own, 0) * 10
}

/** The peak of resident memory of a process, and the largest of those that it started. */
function peakOf(pid: number): number {
  const kilobytes = (id: number | string) => {
    try {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0
    }
  }
  return Math.max(kilobytes(pid), ...childrenOf(pid).map(kilobytes)) / 1024
}

function childrenOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    )
  } catch {
    return []
  }
}

/** One process for as many files as it survives. */
class ReaderProcess {
  #child: ChildProcess | undefined
  deaths = 0

  async ask(seed: number): Promise<Reading & { peakMb: number; processor: number }> {
    const child = (this.#child ??= await startReader())
    let peakMb = 0
    const before = processorMs(child.pid ?? 0)
    const watch = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid ?? 0))), 10)
    try {
      const reading = await new Promise<Reading>((resolve) => {
        child.once('message', (answer: Reading) => resolve(answer))
        child.once('exit', () => {
          this.#child = undefined
          this.deaths++
          resolve({ seed, kind: '?', done: [], error: 'the process ended', ms: 0 })
        })
        child.send(seed)
      })
      peakMb = Math.max(peakMb, peakOf(child.pid ?? 0))
      const processor = processorMs(child.pid ?? 0) - before
      child.removeAllListeners('exit')
      return { ...reading, peakMb, processor }
    } finally {
      clearInterval(watch)
    }
  }

  stop(): void {
    this.#child?.kill()
  }
}

function startReader(): Promise<ChildProcess> {
  const child = fork(__filename, ['read'], { execArgv: process.execArgv })
  return new Promise((resolve) => child.once('message', () => resolve(child)))
}

const say = (line: string) => process.stdout.write(`${line}\n`)

async function run(count: number, first: number): Promise<void> {
  const reader = new ReaderProcess()
  const [sums, kinds] = [
    new Map<string, number>(),
    new Map<string, { files: number; ms: number; processor: number; mb: number }>(),
  ]
  let faults = 0
  for (let seed = first; seed < first + count; seed++) {
    const { kind, done, answer, error, ms, peakMb, processor } = await reader.ask(seed)
    const isFault = error !== undefined || processor > LIMITS.ms || peakMb > LIMITS.memoryMb
    if (isFault)
      say(
        `seed ${seed} (${kind}: ${done.join(', ')}): ${error ?? answer} ${processor.toFixed()} ms ${peakMb.toFixed()} MB`,
      )
    faults += Number(isFault)
    const what = answer?.replace(/^(\w+): .*/, 'read as $1') ?? 'no sentence'
    sums.set(what, (sums.get(what) ?? 0) + 1)
    const one = kinds.get(kind) ?? { files: 0, ms: 0, processor: 0, mb: 0 }
    kinds.set(kind, {
      files: one.files + 1,
      ms: Math.max(one.ms, ms),
      processor: Math.max(one.processor, processor),
      mb: Math.max(one.mb, peakMb),
    })
  }
  reader.stop()
  for (const [what, times] of [...sums].sort((a, b) => b[1] - a[1]))
    say(`${String(times).padStart(5)} ${what}`)
  // Other work on the machine makes the time on the clock longer, not that of the processor.
  say('\n files  most ms  of processor  most MB')
  for (const [kind, { files, ms, processor, mb }] of kinds) {
    const columns = [ms, processor, mb].map((value, at) => value.toFixed().padStart([9, 14, 9][at] ?? 9))
    say(`${String(files).padStart(6)}${columns.join('')}  ${kind}`)
  }
  say(`\n${count} files from seed ${first}: ${faults} faults, ${reader.deaths} times the process ended`)
  if (faults) process.exitCode = 1
}

const [first = '', second = ''] = process.argv.slice(2)
void (first === 'read' ? read() : run(Number(first) || 1000, Number(second) || 1))
