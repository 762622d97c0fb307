import { availableParallelism } from 'node:os'
import { statSync } from 'node:fs'
import { Engine, IdSet } from '@space-assistant/core/scoring/lines/engine'
import {
  addPackPoints,
  newPointsTable,
  pointsTask,
  putQuery,
} from '@space-assistant/core/scoring/lines/points'
import { EngineRankings } from '@space-assistant/core/scoring/lines/ranking'
import { Ruleset } from '@space-assistant/core/scoring/rules'
import { readArguments } from './arguments'
import type { ScoreArguments } from './arguments'
import { newDictionary, Tallies } from './compute'
import { readEngine, readHeaders, readPeople, readScheme } from './inputs'
import type { ConfigReaders, FileProblem } from './inputs'
import { problemLines, writeReport } from './output'
import { countRecords, packCounts, readGenerally } from './records'
import { makeReport } from './report'
import { Threads } from './threads'
import { fillScoreText, ScoreRefusal, refuseScore, usage, words } from './words'

/** Threads that count records; more would read faster than the scores are needed. */
const MOST_THREADS = 2
/** From this size on a second thread is worth starting. */
const LARGE = 8 << 20

/** `space score` with the given readers of its configuration. Answers the exit code. */
export async function runScore(args: readonly string[], readers: ConfigReaders): Promise<number> {
  const read = readArguments(args)
  if ('mistake' in read) {
    const texts: Record<string, string> = words.mistake
    process.stderr.write(`${fillScoreText(texts[read.mistake]!, read.params)}\n\n${words.usage}\n`)
    return usage
  }
  try {
    await score(read, readers)
    return 0
  } catch (error) {
    if (!(error instanceof ScoreRefusal)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
}

async function score(args: ScoreArguments, readers: ConfigReaders): Promise<void> {
  const threads = new Threads(Math.min(MOST_THREADS, availableParallelism()))
  if (args.records.some(isLarge)) threads.start()
  try {
    const compiled = WebAssembly.compile(readEngine())
    const headers = readHeaders(readers)
    const scheme = readScheme(args.scheme, readers)
    const engine = openEngine(await compiled)
    threads.share(engine)
    const problems: FileProblem[] = []
    const people = await readPeople(engine, args, { scheme, headers }, problems)
    const { accounts } = people
    const window = { from: args.from ?? scheme.period.from, to: args.to ?? scheme.period.to }
    const { dictionary, numbers } = newDictionary(scheme)
    const rules = new Ruleset(scheme, dictionary)
    const table = newPointsTable(engine, accounts.count, numbers.length)
    const query = { rules, numbers, window }
    const ids = new IdSet(engine)
    const context = { engine, scheme, headers, accounts, numbers, ids, threads }
    let tallies: Tallies | undefined
    for (const file of args.records) {
      const counted = await countRecords(file, context)
      if (counted && args.records.length === 1) {
        // Nothing can replace what the only file says, so its points need no tallies.
        const { setup, counts } = counted
        for (const problem of counts.problems) problems.push({ ...problem, file })
        const { slices } = counts
        await threads.points(pointsTask(setup, slices, putQuery(engine, query, table)))
        break
      }
      const read = counted ? await packCounts(file, counted, context) : await readGenerally(file, context)
      tallies ??= new Tallies(engine, people)
      tallies.apply(read)
      for (const problem of read.problems) problems.push(problem)
    }
    if (tallies) addPackPoints(engine, tallies.packs, query, table)
    const report = makeReport(new EngineRankings(engine, people, table, rules), window, problems)
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

function openEngine(module: WebAssembly.Module): Engine {
  try {
    return Engine.open(module)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ScoreRefusal(words['no-memory'], refuseScore)
  }
}

function isLarge(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= LARGE
}
