import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { IdSet } from '@space-assistant/core/pipeline/id-set'
import { Board } from '@space-assistant/core/scoring/board'
import { planTallies } from '@space-assistant/core/scoring/change'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { readArguments } from './arguments'
import type { ScoreArguments } from './arguments'
import { readHeaders, readPeople, readScheme } from './inputs'
import type { ConfigReaders, FileProblem } from './inputs'
import { problemLines, writeReport } from './output'
import { LARGE_FILE, readRecords } from './records'
import { makeReport } from './report'
import { ScoreThreads } from './threads'
import { fillScoreText, ScoreRefusal, usage, words } from './words'
import { present } from '@space-assistant/core/text/present'

/** Threads that count records; more would read faster than the scores are needed. */
const MOST_THREADS = 2

/** `space score` with the given readers of its configuration. Answers the exit code. */
export async function runScore(args: readonly string[], readers: ConfigReaders): Promise<number> {
  const read = readArguments(args)
  if ('mistake' in read) {
    const texts: Record<string, string> = words.mistake
    process.stderr.write(
      `${fillScoreText(present(texts[read.mistake], `the words of ${read.mistake}`), read.params)}\n\n${words.usage}\n`,
    )
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
  const threads = new ScoreThreads(Math.min(MOST_THREADS, availableParallelism()))
  if (args.records.some(isLarge)) threads.start()
  try {
    const headers = readHeaders(readers)
    const scheme = readScheme(args.scheme, readers)
    const problems: FileProblem[] = []
    const { members, schools } = await readPeople(args, { scheme, headers }, problems)
    const dictionary = new Dictionary(scheme.indicators.map(({ name }) => name))
    const board = new Board(scheme, dictionary)
    board.setRoster(members, schools)
    const accounts = members.map(({ account }) => account)
    const numbers = [...dictionary.names.keys()]
    const context = { scheme, headers, accounts, numbers, ids: new IdSet(), threads }
    const known = {
      pack: (account: string) => board.pack(account),
      school: (account: string) => board.schoolOf(account),
      members: (school: string) => board.people.accountsOf(school),
    }
    for (const file of args.records) {
      const read = await readRecords(file, context)
      for (const { account, after } of planTallies(read, known)) board.load(account, after)
      for (const problem of read.problems) problems.push(problem)
    }
    const window = { from: args.from ?? scheme.period.from, to: args.to ?? scheme.period.to }
    const report = makeReport(board, window, problems)
    writeReport(report, args.format, args.out)
    if (args.format === 'json') return
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
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= LARGE_FILE
}
