// A running service: a new day's file taken in from its bytes until every ranking is fresh, and other rules, against the
// whole batch; an own rank.
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { operator } from '@space-assistant/core/access/viewer'
import { civilOf, dayFromCivil, mondayOf } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import { makeDistrict } from '@space-assistant/core/demo/district'
import type { ByteSource } from '@space-assistant/core/pipeline/source'
import type { RankingScope, StandingQuery } from '@space-assistant/core/ranking/standing'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Board } from '@space-assistant/core/scoring/board'
import type { Context } from 'koishi'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { openServices } from './import'
import { median, paired, printTable, runHere, runNode, seconds } from './paired'
import type { Run } from './paired'
import { makeData, readBenchScheme, schemePath } from './score-data'

/** Options: --millions=10 --rounds=7 --main=FILE, as for the benchmark `score`. */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string) => options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1]
  const main = option('main') ?? resolve(__dirname, '../../plugins/cli/bin.cjs')
  const records = Number(option('millions') ?? 10) * 1e6
  const data = makeData(records, true)
  const folder = mkdtempSync(join(tmpdir(), 'space-bench-board-'))
  const file = openSync(data.recordsPath, 'r')
  const app = await openServices((context) => void context.plugin(sqlite, { path: join(folder, 'space.db') }))
  try {
    const { year, day } = cut(file)
    await take(app, 'roster.csv', sourceOf(openSync(data.rosterPath, 'r')))
    await take(app, 'year.csv', year)
    const service = new Asked(app.scoreboard.board)
    const scheme = readBenchScheme()
    const others = otherRules(scheme)
    const batch = ['--scheme', schemePath, '--roster', data.rosterPath, '--records', data.recordsPath]
    const result = await paired(
      {
        batch: () => runNode([main, 'score', ...batch, '--out', '/dev/null']),
        day: async () => {
          // All that was asked until yesterday is answered; nothing of today is known.
          service.answer(service.questions())
          let id = 0
          const measured = await runHere(async () => {
            id = await take(app, 'day.csv', day)
            service.answer(service.questions())
          })
          service.mustBeFresh()
          const undone = await app.imports.undo(id, operator)
          if (!undone.ok) throw new Error(undone.code)
          return measured
        },
        rescore: () => rescored(service, others, 'period'),
        everything: () => rescored(service, others, 'all'),
      },
      Number(option('rounds') ?? 7),
    )
    const row = printTable(`## A running service with ${records / 1e6} million records`, [
      'work',
      'time',
      'batch',
      'share',
    ])
    const share = (ms: number) => `1/${(result.batch.ms / ms).toFixed(0)}`
    const line = (name: string, { ms }: Run) => row([name, seconds(ms), seconds(result.batch.ms), share(ms)])
    line('a new day: preview, stored, rankings of all windows', result.day)
    line('other rules, rankings of the period', result.rescore)
    line('other rules, rankings of all windows', result.everything)
    row(['own rank', `${service.ownRank().toFixed(2)} us`, '', ''])
  } finally {
    app.scope.dispose()
    closeSync(file)
    rmSync(folder, { recursive: true })
  }
}

function sourceOf(file: number): ByteSource {
  return {
    size: fstatSync(file).size,
    read: (target, offset, length, position) => readSync(file, target, offset, length, position),
  }
}

/** The last two hundredth of the year's lines is the new day, under the same header; the rest is known. */
function cut(file: number): { year: ByteSource; day: ByteSource } {
  const whole = sourceOf(file)
  const around = new Uint8Array(4096)
  whole.read(around, 0, around.length, 0)
  const head = around.indexOf(10) + 1
  const from = whole.size - Math.floor(whole.size / 200)
  const rest = new Uint8Array(4096)
  const size = whole.read(rest, 0, rest.length, from)
  const start = from + rest.subarray(0, size).indexOf(10) + 1
  const bytes = new Uint8Array(head + whole.size - start)
  bytes.set(around.subarray(0, head))
  whole.read(bytes, head, bytes.length - head, start)
  const day: ByteSource = {
    size: bytes.length,
    read(target, offset, length, position) {
      const part = bytes.subarray(position, position + length)
      target.set(part, offset)
      return part.length
    },
  }
  return { year: { ...whole, size: start }, day }
}

/** Takes a file in; answers the number of the import. */
async function take(app: Context, name: string, bytes: ByteSource): Promise<number> {
  const preview = await app.imports.preview({ name, bytes }, operator)
  if (!preview.ok) throw new Error(app.imports.explain(preview, 'zh-CN'))
  const stored = await app.imports.confirm(preview.value.id, operator)
  if (!stored.ok) throw new Error(app.imports.explain(stored, 'zh-CN'))
  return stored.value.id
}

async function rescored(service: Asked, others: Scheme, windows: 'period' | 'all'): Promise<Run> {
  const { board } = service
  const { scheme } = board
  const all = service.questions()
  service.answer(all)
  const questions = windows === 'all' ? all : all.filter(({ window }) => window === scheme.period)
  const measured = await runHere(() => {
    board.setScheme(others)
    service.answer(questions)
  })
  service.mustBeFresh()
  board.setScheme(scheme)
  return measured
}

/** Every action is worth two points more. */
function otherRules(scheme: Scheme): Scheme {
  const indicators = scheme.indicators.map((indicator) => {
    const { rule } = indicator
    return rule.kind === 'action' ? { ...indicator, rule: { ...rule, points: rule.points + 2 } } : indicator
  })
  return { ...scheme, indicators }
}

/** A board that is asked everything that people ask. */
class Asked {
  readonly #standings: Standings
  readonly #district = makeDistrict({ size: 42 })
  readonly #queries: Omit<StandingQuery, 'window'>[]

  constructor(readonly board: Board) {
    this.#standings = new Standings(board)
    this.#queries = [...this.#allQueries()]
  }

  /** Schools, teachers and administrators of the district, of every town, stage and school, in all usual windows. */
  questions(): StandingQuery[] {
    return this.#windows().flatMap((window) => this.#queries.map((query) => ({ ...query, window })))
  }

  answer(questions: readonly StandingQuery[]): void {
    for (const question of questions) this.#standings.of(question).entries(0, 3)
  }

  /** Throws unless every ranking is what it is when it is made from nothing. */
  mustBeFresh(): void {
    const anew = new Standings(this.board.under(this.board.scheme))
    for (const question of this.questions()) {
      const [own, expected] = [this.#standings, anew].map((standings) =>
        JSON.stringify(standings.of(question).entries(0, 1e6)),
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
