import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** One measured run: wall time, and the peak of resident memory of the whole process where it was one. */
export interface Run {
  ms: number
  bytes?: number
}

export type Candidate = () => Run | Promise<Run>

/** Runs the candidates in turn, so that a slow minute of the machine hits all of them, and answers the medians. */
export async function paired<K extends string>(
  candidates: Record<K, Candidate>,
  rounds = 7,
): Promise<Record<K, Run>> {
  const names = Object.keys(candidates) as K[]
  const runs = new Map<K, Run[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const name of names) runs.get(name)!.push(await candidates[name]())
  }
  const entries = names.map((name) => [name, medianRun(runs.get(name)!)] as const)
  return Object.fromEntries(entries) as Record<K, Run>
}

function medianRun(runs: Run[]): Run {
  const memory = runs.flatMap(({ bytes }) => bytes ?? [])
  return { ms: median(runs.map(({ ms }) => ms)), ...(memory.length && { bytes: median(memory) }) }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Runs a Node program to its end and measures the whole process. Throws when it fails. */
export function runNode(args: readonly string[]): Run {
  const peak = join(tmpdir(), `peak-${process.pid}`)
  const started = process.hrtime.bigint()
  const { status, stderr } = spawnSync(process.execPath, ['-r', resolve(__dirname, 'peak.cjs'), ...args], {
    env: { ...process.env, PEAK_FILE: peak, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ms = Number(process.hrtime.bigint() - started) / 1e6
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr.toString()}`)
  const bytes = Number(readFileSync(peak, 'utf8'))
  rmSync(peak)
  return { ms, bytes }
}

/** Measures something in this process. */
export async function runHere(work: () => unknown): Promise<Run> {
  const started = process.hrtime.bigint()
  await work()
  return { ms: Number(process.hrtime.bigint() - started) / 1e6 }
}

/** A markdown table, printed row by row as soon as it is known. */
export function printTable(title: string, columns: readonly string[]): (cells: readonly string[]) => void {
  console.log(`\n${title}\n\n| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}`)
  return (cells) => console.log(`| ${cells.join(' | ')} |`)
}

export const seconds = (ms: number) =>
  ms < 1000 ? `${ms.toFixed(ms < 10 ? 2 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`
export const megabytes = (bytes = NaN) => `${(bytes / 2 ** 20).toFixed(0)} MB`
export const times = (a: number, b: number) => `${(a / b).toPrecision(3)} x`
