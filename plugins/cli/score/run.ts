import { availableParallelism } from 'node:os'
import { statSync } from 'node:fs'
import { IdSet } from '@space-assistant/core/scoring/lines/id-set'
import { pointsOfPacks } from '@space-assistant/core/scoring/lines/points'
import type { PointsTable } from '@space-assistant/core/scoring/lines/points'
import { Ruleset } from '@space-assistant/core/scoring/rules'
import { readArguments } from './arguments'
import type { ScoreArguments } from './arguments'
import { newDictionary, PointsBoard, Tallies } from './compute'
import { readHeaders, readPeople, readScheme } from './inputs'
import type { ConfigReaders, FileProblem } from './inputs'
import { problemLines, writeReport } from './output'
import { countRecords, packCounts, readGenerally } from './records'
import { makeReport } from './report'
import { Threads } from './threads'
import { fill, Refusal, usage, words } from './words'

/** Threads that count records; more would read faster than the scores are needed. */
const MOST_THREADS = 2
/** From this size on a second thread is worth starting. */
const LARGE = 8 << 20

/** `space score` with the given readers of its configuration. Answers the exit code. */
export async function runScore(args: readonly string[], readers: ConfigReaders): Promise<number> {
  const read = readArguments(args)
  if ('mistake' in read) {
    const texts: Record<string, string> = words.mistake
    process.stderr.write(`${fill(texts[read.mistake]!, read.params)}\n\n${words.usage}\n`)
    return usage
  }
  try {
    await score(read, readers)
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

async function score(args: ScoreArguments, readers: ConfigReaders): Promise<void> {
  const threads = new Threads(Math.min(MOST_THREADS, availableParallelism()))
  if (args.records.some(isLarge)) threads.start()
  try {
    const headers = readHeaders(readers)
    const scheme = readScheme(args.scheme, readers)
    const problems: FileProblem[] = []
    const people = await readPeople(args, { scheme, headers }, problems)
    const window = { from: args.from ?? scheme.period.from, to: args.to ?? scheme.period.to }
    const { dictionary, numbers } = newDictionary(scheme)
    const accounts = people.members.map(({ account }) => account)
    const context = { scheme, headers, accounts, numbers, ids: new IdSet(), threads }
    let tallies: Tallies | undefined
    let points: PointsTable | undefined
    for (const file of args.records) {
      const counts = await countRecords(file, context)
      if (counts && args.records.length === 1) {
        // Nothing can replace what the only file says, so its points need no tallies.
        for (const problem of counts.problems) problems.push({ ...problem, file })
        const slices = counts.slices.map((slice) => slice.counts)
        points = await threads.points(slices, accounts.length, { scheme, window, numbers })
        break
      }
      const read = counts ? await packCounts(file, counts, context) : await readGenerally(file, context)
      tallies ??= new Tallies(people)
      tallies.apply(read)
      for (const problem of read.problems) problems.push(problem)
    }
    const rules = new Ruleset(scheme, dictionary)
    points ??= pointsOfPacks(tallies?.packs ?? [], { rules, numbers, window })
    const report = makeReport(new PointsBoard(people, window, { scheme, dictionary, points }), problems)
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
