// A running service's board: a new day's file, and other rules, against the whole batch; an own rank.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { Scope, StandingQuery } from '@space-assistant/core/ranking/standing'
import { mondayOf } from '@space-assistant/core/scheme/calendar'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { Board } from '@space-assistant/core/scoring/board'
import { invert } from '@space-assistant/core/scoring/change'
import { countFile, runInMemory } from '@space-assistant/core/scoring/lines/file'
import { planCounts } from '@space-assistant/core/scoring/lines/plan'
import { setUpLines } from '@space-assistant/core/scoring/lines/setup'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { median, paired, printTable, runHere, runNode, seconds } from './paired'
import { makeData, readBenchScheme, schemePath } from './score-data'

/** Options: --millions=10 --rounds=7 --main=FILE, as for the benchmark `score`. */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string) => options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1]
  const main = option('main') ?? resolve(__dirname, '../../plugins/cli/bin.cjs')
  const records = Number(option('millions') ?? 10) * 1e6
  const data = makeData(records, true)
  const bytes = readFileSync(data.recordsPath)
  const scheme = readBenchScheme()
  const service = new Service(scheme)
  // The last two hundredth of the year's lines is the new day; the rest is known.
  const cut = bytes.lastIndexOf(10, bytes.length - Math.floor(bytes.length / 200)) + 1
  const head = bytes.subarray(0, bytes.indexOf(10) + 1)
  await service.take(bytes.subarray(0, cut))
  const day = Buffer.concat([head, bytes.subarray(cut)])
  service.rankings()
  const result = await paired(
    {
      batch: () =>
        runNode([
          main,
          'score',
          '--scheme',
          schemePath,
          '--out',
          '/dev/null',
          '--roster',
          data.rosterPath,
          '--records',
          data.recordsPath,
        ]),
      day: async () => {
        const run = await runHere(async () => {
          await service.take(day)
          service.rankings()
        })
        service.undo()
        service.rankings()
        return run
      },
      rescore: async () => {
        const run = await runHere(() => {
          service.board.setScheme(scheme)
          service.rankings('whole')
        })
        service.rankings()
        return run
      },
    },
    Number(option('rounds') ?? 7),
  )
  const row = printTable(`## The board with ${records / 1e6} million records`, [
    'work',
    'time',
    'batch',
    'share',
  ])
  const share = (ms: number) => `1/${(result.batch.ms / ms).toFixed(0)}`
  row(['new day and all rankings', seconds(result.day.ms), seconds(result.batch.ms), share(result.day.ms)])
  row([
    'other rules and rankings',
    seconds(result.rescore.ms),
    seconds(result.batch.ms),
    share(result.rescore.ms),
  ])
  row(['own rank', `${service.ownRank().toFixed(2)} us`, '', ''])
}

class Service {
  readonly board: Board
  readonly #standings: Standings
  readonly #headers = parseHeaders(
    readFileSync(resolve(__dirname, '../../config/headers.yml'), 'utf8'),
    'headers.yml',
  )
  readonly #district = makeDistrict({ size: 42 })
  #last: ReturnType<typeof invert> = []

  constructor(readonly scheme: Scheme) {
    this.board = new Board(scheme)
    this.board.setRoster(this.#district.members, this.#district.schools)
    this.#standings = new Standings(this.board)
  }

  async take(bytes: Uint8Array): Promise<void> {
    const accounts = this.#district.members.map(({ account }) => account)
    const setup = await setUpLines(bytes.subarray(0, 1 << 18), {
      headers: this.#headers,
      scheme: this.scheme,
      accounts,
    })
    const counts = await countFile(setup!, runInMemory(bytes, this.#headers))
    const { members } = planCounts(counts!, {
      setup: setup!,
      known: this.board,
      dictionary: this.board.dictionary,
    })
    this.board.apply(members)
    this.#last = invert(members)
  }

  undo(): void {
    this.board.apply(this.#last)
  }

  /** Schools, teachers and administrators of the district, of every town, stage and school, in the usual windows. */
  rankings(windows: 'usual' | 'whole' = 'usual'): void {
    const { period, windows: named } = this.scheme
    const today = this.board.dataUntil ?? period.to
    const week = { from: mondayOf(today), to: today }
    const usual = [
      period,
      { from: today, to: today },
      week,
      { from: today - 29, to: today },
      ...named.map(({ window }) => window),
    ]
    const towns = [...new Set(this.#district.schools.map(({ town }) => town!))]
    const stages = [...new Set(this.#district.schools.map(({ stage }) => stage!))]
    const scopes: { scope: Scope; stage?: string }[] = [
      { scope: { kind: 'district' } },
      ...stages.map((stage) => ({ scope: { kind: 'district' as const }, stage })),
      ...towns.map((town) => ({ scope: { kind: 'town' as const, town } })),
      ...this.#district.schools.map(({ code }) => ({ scope: { kind: 'school' as const, code } })),
    ]
    for (const window of windows === 'usual' ? usual : [period]) {
      for (const of of ['schools', 'teachers', 'administrators'] as const) {
        for (const scope of of === 'schools'
          ? scopes.filter(({ scope: { kind } }) => kind !== 'school')
          : scopes) {
          this.#standings.of({ of, window, ...scope }).entries(0, 3)
        }
      }
    }
  }

  /** Microseconds of one question for a place. */
  ownRank(): number {
    const query: StandingQuery = { of: 'teachers', window: this.scheme.period, scope: { kind: 'district' } }
    const { members } = this.#district
    const runs: number[] = []
    for (let round = 0; round < 50; round++) {
      const started = process.hrtime.bigint()
      for (const { account } of members) this.#standings.of(query).place(account)
      runs.push(Number(process.hrtime.bigint() - started) / 1e3 / members.length)
    }
    return median(runs)
  }
}
