import type { MemberRole } from '../../scheme/scheme'
import type { Ruleset } from '../rules'
import { roleBits } from './people'
import type { EnginePeople } from './people'
import type { Engine } from './engine'
import type { PointsTable } from './points'
import { putLines, takeLines } from './texts'

/** The active members of a role in order, as the engine ranked them. */
export interface MemberRanking {
  role: MemberRole
  size: number
  /** Addresses: of the engine's ranking, and words by place, doubles by member and words by place in it. */
  address: number
  members: number
  units: number
  ranks: number
}

export interface MemberPlace {
  account: string
  name: string
  school: string
  points: number
  rank: number
  /** Points in the scheme's order of indicators. */
  indicators: readonly number[]
}

/** Units of a score, which is rounded to 6 decimals. */
const MICRO = 1_000_000

/** Rankings and sums of a district whose points are known, made by an engine. */
export class EngineRankings {
  readonly #people: number
  readonly #table: number
  readonly #roles: readonly (MemberRole | 'student')[]
  /** Made when somebody asks for the places themselves. */
  #texts: { accounts: string[]; names: string[] } | undefined

  constructor(
    readonly engine: Engine,
    readonly people: EnginePeople,
    readonly points: PointsTable,
    readonly rules: Ruleset,
  ) {
    const { accounts, names, schoolOf, roles, schools } = people
    const { count } = accounts
    const split = ({ lines, size }: { lines: number; size: number }, texts: number) =>
      engine.calls.splitLines(lines, size, texts)
    const codes = putLines(
      engine,
      schools.map(({ code }) => code),
    )
    this.#people = engine.putWords([
      count,
      split(accounts, count),
      split(names, count),
      schoolOf,
      roles,
      split(codes, schools.length),
      schools.length,
      0,
    ])
    this.#roles = rules.scheme.indicators.map(({ role }) => role)
    const bits = this.#roles.map((role) => (role === 'student' ? 0 : roleBits[role]))
    const divisor = Math.max(rules.scale / MICRO, 1)
    this.#table = engine.putWords([
      points.address,
      points.indicators,
      engine.put(Uint8Array.from(bits)),
      divisor,
    ])
  }

  rank(role: MemberRole): MemberRanking {
    const { engine } = this
    const address = engine.calls.rank(this.#people, this.#table, roleBits[role])
    const [size, members, units, ranks] = engine.words.subarray(address / 4, address / 4 + 4)
    return { role, size: size!, address, members: members!, units: units!, ranks: ranks! }
  }

  /** Scaled points and number of active members of a role (or of all) by index of school. */
  sums(role: MemberRole | 'active'): { points: Float64Array; members: Float64Array } {
    const { engine, people } = this
    const at = engine.calls.sumSchools(this.#people, this.#table, roleBits[role]) / 8
    const size = people.schools.length
    const { doubles } = engine
    return { points: doubles.slice(at, at + size), members: doubles.slice(at + size, at + 2 * size) }
  }

  /** The places of a ranking as JSON, a line each behind a comma and a line end, in pieces of bytes that are valid until the next. */
  *json(ranking: MemberRanking): Generator<Uint8Array> {
    const { engine } = this
    const form = this.#form()
    for (let from = 0; from < ranking.size; from += PLACES) {
      const to = Math.min(from + PLACES, ranking.size)
      const { address, role } = ranking
      const bit = roleBits[role]
      const size = engine.calls.writeEntries(address, this.#people, this.#table, form, bit, from, to)
      const start = engine.calls.written()
      yield engine.bytes.subarray(start, start + size)
    }
  }

  /** The places of a ranking one by one. */
  *places(ranking: MemberRanking): Generator<MemberPlace> {
    const { engine, people, points, rules } = this
    this.#texts ??= { accounts: takeLines(engine, people.accounts), names: takeLines(engine, people.names) }
    const { accounts, names } = this.#texts
    const { words, doubles } = engine
    const unit = Math.min(rules.scale, MICRO)
    const wanted = this.#roles.map((role) => role === ranking.role)
    for (let place = 0; place < ranking.size; place++) {
      const member = words[ranking.members / 4 + place]!
      const first = points.address / 8 + member * points.indicators
      yield {
        account: accounts[member]!,
        name: names[member]!,
        school: people.schools[words[people.schoolOf / 4 + member]!]!.code,
        points: doubles[ranking.units / 8 + member]! / unit,
        rank: words[ranking.ranks / 4 + place]!,
        indicators: wanted.map((is, at) => (is ? doubles[first + at]! / rules.scale : 0)),
      }
    }
  }

  /** How the engine writes places. */
  #form(): number {
    const { engine, rules } = this
    const texts = (list: readonly string[]) => {
      const { lines, size } = putLines(engine, list)
      return engine.calls.splitLines(lines, size, list.length)
    }
    const names = rules.scheme.indicators.map(({ name }) => `${JSON.stringify(name)}:`)
    const decimals = Math.round(Math.log10(rules.scale))
    return engine.putWords([texts(PARTS), texts(names), decimals, Math.min(decimals, 6)])
  }
}

/** Places that are written at a time: a long list is not wanted whole in memory. */
const PLACES = 4096
const PARTS = ['{"account":"', '","name":"', '","school":"', '","points":', ',"rank":', ',"indicators":{']
