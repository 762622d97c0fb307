// A running service's board: a new day's file, and other rules, against the whole batch; an own rank.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { RankingScope, StandingQuery } from '@space-assistant/core/ranking/standing'
import { civilOf, dayFromCivil, mondayOf } from '@space-assistant/core/calendar/day'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { Board } from '@space-assistant/core/scoring/board'
import { countFile, inMemory } from '@space-assistant/core/scoring/lines/file'
import { planCounts } from '@space-assistant/core/scoring/lines/plan'
import { setUpLines } from '@space-assistant/core/scoring/lines/setup'
import { putAccounts } from '@space-assistant/core/scoring/lines/texts'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { median, paired, printTable, runHere, runNode, seconds } from './paired'
import type { Run } from './paired'
import { openEngine } from '../scoring/engine'
import { makeData, readBenchScheme, schemePath } from './score-data'

/** Options: --millions=10 --rounds=7 --main=FILE, as for the benchmark `score`. */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string) => options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1]
  const main = option('main') ?? resolve(__dirname, '../../plugins/cli/bin.cjs')
  const records = Number(option('millions') ?? 10) * 1e6
  const data = makeData(records, true)
  const bytes = readFileSync(data.recordsPath)
  const scheme = readBenchScheme()
  const others = otherRules(scheme)
  // The last two hundredth of the year's lines is the new day; the rest is known.
  const cut = bytes.lastIndexOf(10, bytes.length - Math.floor(bytes.length / 200)) + 1
  const day = Buffer.concat([bytes.subarray(0, bytes.indexOf(10) + 1), bytes.subarray(cut)])
  const before = new Service(scheme)
  await before.take(bytes.subarray(0, cut))
  const whole = new Service(scheme)
  await whole.take(bytes)
  const underOthers = whole.like(others)
  const rescored = async (windows: 'period' | 'all') => {
    const service = whole.like(scheme)
    const all = service.questions()
    service.answer(all)
    const questions = windows === 'all' ? all : all.filter(({ window }) => window === scheme.period)
    const run = await runHere(() => {
      service.board.setScheme(others)
      service.answer(questions)
    })
    service.mustEqual(underOthers)
    return run
  }
  const batch = ['--scheme', schemePath, '--roster', data.rosterPath, '--records', data.recordsPath]
  const result = await paired(
    {
      batch: () => runNode([main, 'score', ...batch, '--out', '/dev/null']),
      day: async () => {
        // A service that has answered all that was asked until yesterday and knows nothing of today.
        const service = before.like(scheme)
        service.answer(service.questions())
        const questions = whole.questions()
        const run = await runHere(async () => {
          await service.take(day)
          service.answer(questions)
        })
        service.mustEqual(whole)
        return run
      },
      rescore: () => rescored('period'),
      everything: () => rescored('all'),
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
  const line = (name: string, { ms }: Run) => row([name, seconds(ms), seconds(result.batch.ms), share(ms)])
  line('new day, rankings of all windows', result.day)
  line('other rules, rankings of the period', result.rescore)
  line('other rules, rankings of all windows', result.everything)
  row(['own rank', `${whole.ownRank().toFixed(2)} us`, '', ''])
}

/** Every action is worth two points more. */
function otherRules(scheme: Scheme): Scheme {
  const indicators = scheme.indicators.map((indicator) => {
    const { rule } = indicator
    return rule.kind === 'action' ? { ...indicator, rule: { ...rule, points: rule.points + 2 } } : indicator
  })
  return { ...scheme, indicators }
}

class Service {
  readonly board: Board
  readonly #standings: Standings
  readonly #headers = parseHeaders(
    readFileSync(resolve(__dirname, '../../config/headers.yml'), 'utf8'),
    'headers.yml',
  )
  readonly #district = makeDistrict({ size: 42 })
  readonly #queries: Omit<StandingQuery, 'window'>[]

  constructor(scheme: Scheme) {
    this.board = new Board(scheme)
    this.board.setRoster(this.#district.members, this.#district.schools)
    this.#standings = new Standings(this.board)
    this.#queries = [...this.#allQueries()]
  }

  /** Another service with the same tallies, which nobody has asked anything yet. */
  like(scheme: Scheme): Service {
    const service = new Service(scheme)
    for (const { account } of this.#district.members) service.board.load(account, this.board.pack(account))
    return service
  }

  async take(bytes: Uint8Array): Promise<void> {
    const engine = await openEngine()
    const accounts = putAccounts(
      engine,
      this.#district.members.map(({ account }) => account),
    )
    const { scheme } = this.board
    const head = bytes.subarray(0, 1 << 18)
    const setup = await setUpLines(head, { engine, headers: this.#headers, scheme, accounts })
    const counts = await countFile(setup!, inMemory(engine, bytes, this.#headers))
    const { members } = planCounts(counts!, {
      engine,
      setup: setup!,
      known: this.board,
      dictionary: this.board.dictionary,
    })
    this.board.apply(members)
  }

  /** Schools, teachers and administrators of the district, of every town, stage and school, in all usual windows. */
  questions(): StandingQuery[] {
    return this.#windows().flatMap((window) => this.#queries.map((query) => ({ ...query, window })))
  }

  answer(questions: readonly StandingQuery[]): void {
    for (const question of questions) this.#standings.of(question).entries(0, 3)
  }

  /** Throws unless the other one has the same tallies and the same rankings in full. */
  mustEqual(other: Service): void {
    for (const { account } of this.#district.members) {
      if (Buffer.compare(this.board.pack(account), other.board.pack(account))) {
        throw new Error(`${account} has other tallies`)
      }
    }
    for (const question of other.questions()) {
      const [own, expected] = [this, other].map((service) =>
        JSON.stringify(service.#standings.of(question).entries(0, 1e6)),
      )
      if (own !== expected) throw new Error(`another ranking: ${JSON.stringify(question)}`)
    }
  }

  /** What questions name: the period, today, this week, this month, the award window; and 30 days between two dates. */
  #windows(): Window[] {
    const { period, windows } = this.board.scheme
    const today = this.board.dataUntil ?? period.to
    const { year, month } = civilOf(today)
    const next = month === 12 ? dayFromCivil(year + 1, 1, 1)! : dayFromCivil(year, month + 1, 1)!
    return [
      period,
      { from: today, to: today },
      { from: mondayOf(today), to: mondayOf(today) + 6 },
      { from: dayFromCivil(year, month, 1)!, to: next - 1 },
      { from: today - 29, to: today },
      ...windows.map(({ window }) => window),
    ]
  }

  *#allQueries(): Generator<Omit<StandingQuery, 'window'>> {
    const towns = new Set(this.#district.schools.map(({ town }) => town!))
    const stages = new Set(this.#district.schools.map(({ stage }) => stage!))
    const district: RankingScope = { kind: 'district' }
    for (const of of ['schools', 'teachers', 'administrators'] as const) {
      yield { of, scope: district }
      for (const stage of stages) yield { of, scope: district, stage }
      for (const town of towns) yield { of, scope: { kind: 'town', town } }
      if (of === 'schools') continue
      for (const { code } of this.#district.schools) yield { of, scope: { kind: 'school', code } }
    }
  }

  /** Microseconds of one question for a place. */
  ownRank(): number {
    const query: StandingQuery = {
      of: 'teachers',
      window: this.board.scheme.period,
      scope: { kind: 'district' },
    }
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
