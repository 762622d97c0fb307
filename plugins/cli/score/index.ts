import { availableParallelism } from 'node:os'
import { statSync } from 'node:fs'
import { IdSet } from '@space-assistant/core/scoring/lines/id-set'
import { readArguments } from './arguments'
import type { ScoreArguments } from './arguments'
import { newBoard, Tallies } from './compute'
import { readHeaders, readPeople, readScheme } from './inputs'
import type { FileProblem } from './inputs'
import { problemLines, writeReport } from './output'
import { readRecords } from './records'
import { makeReport } from './report'
import { Threads } from './threads'
import { fill, Refusal, usage, words } from './words'

/** Threads that count records; more would read faster than the scores are needed. */
const MOST_THREADS = 2
/** From this size on a second thread is worth starting. */
const LARGE = 8 << 20

/** `space score`: all points, indexes and rankings from export files, without a database. Answers the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const read = readArguments(args)
  if ('mistake' in read) {
    const texts: Record<string, string> = words.mistake
    process.stderr.write(`${fill(texts[read.mistake]!, read.params)}\n\n${words.usage}\n`)
    return usage
  }
  try {
    await score(read)
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

async function score(args: ScoreArguments): Promise<void> {
  const headers = readHeaders()
  const scheme = readScheme(args.scheme)
  const threads = new Threads(headers, Math.min(MOST_THREADS, availableParallelism()))
  if (args.records.some(isLarge)) threads.start()
  try {
    const problems: FileProblem[] = []
    const people = await readPeople(args, { scheme, headers }, problems)
    const { board, numbers } = newBoard(scheme)
    const tallies = new Tallies(people)
    const accounts = people.members.map(({ account }) => account)
    const ids = new IdSet()
    for (const file of args.records) {
      const counted = await readRecords(file, { scheme, headers, accounts, numbers, ids, threads })
      tallies.apply(counted)
      for (const problem of counted.problems) problems.push(problem)
    }
    const window = { from: args.from ?? scheme.period.from, to: args.to ?? scheme.period.to }
    const report = makeReport(tallies.board(board), window, problems)
    writeReport(report, args.format, args.out)
    if (args.format !== 'json')
      process.stderr.write(
        problemLines(report)
          .map((line) => `${line}\n`)
          .join(''),
      )
  } finally {
    await threads.stop()
  }
}

function isLarge(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= LARGE
}
