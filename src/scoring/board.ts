import type { Day } from '../calendar/day'
import type { MemberRole, Scheme } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { MemberChange } from './change'
import { ScoreColumn, pointsByIndicator, pointsOfPack } from './column'
import type { PointsQuery, Tools } from './column'
import { Columns } from './columns'
import { Dictionary } from './dictionary'
import { Comparison } from './difference'
import { explainPack } from './explain'
import type { Explanation } from './explain'
import type { Member, School } from '../roster/member'
import { CapCounter } from './meter'
import { PackReader } from './pack-reader'
import { PeopleIndex } from './people'
import { Ruleset } from './rules'
import { schoolScore, schoolScores } from './school'
import type { SchoolScore } from './school'
import { decodeTallies, emptyPack } from './tallies'
import type { Pack } from './tallies'
import { present } from '../text/present'

/** Who gets how many points more or less in the period under other rules; only those whose points differ. */
export interface RescoreDifference {
  members: { account: string; role: MemberRole; before: number; after: number }[]
  schools: { code: string; before: number | null; after: number | null }[]
}

export interface CountsQuery {
  window: Window
  /** Names; all when left out. */
  indicators?: readonly string[]
}

/**
 * One district and one scheme: roster, tallies and every score that follows from them. Pure and always current:
 * `apply` recomputes only what a change touches. Points are exact; a member without tallies has 0.
 */
export class Board {
  readonly people: PeopleIndex
  readonly dictionary: Dictionary
  /** Grows with every change of roster, tallies or rules. */
  version = 0
  #packs: Pack[] = []
  #dataUntil: Day | undefined
  #dataUntilKnown = true
  #tools!: Tools
  #columns!: Columns
  #comparison!: Comparison

  constructor(scheme: Scheme, dictionary = new Dictionary(), people = new PeopleIndex()) {
    this.dictionary = dictionary
    this.people = people
    this.setScheme(scheme)
  }

  get scheme(): Scheme {
    return this.#tools.rules.scheme
  }

  get rules(): Ruleset {
    return this.#tools.rules
  }

  /** Last day of the period with a tally on an indicator of the scheme; undefined without any. */
  get dataUntil(): Day | undefined {
    if (!this.#dataUntilKnown) {
      this.#dataUntil = undefined
      for (const pack of this.#packs) this.#see(pack)
      this.#dataUntilKnown = true
    }
    return this.#dataUntil
  }

  /** Replaces the whole roster. Tallies stay with their accounts, also with those that are not in it. */
  setRoster(members: readonly Member[], schools: readonly School[]): void {
    this.people.set(members, schools)
    while (this.#packs.length < this.people.accounts.length) this.#packs.push(emptyPack)
    this.version++
  }

  member(account: string): Member | undefined {
    return this.people.members[this.people.slot(account) ?? -1]
  }

  /** Code of the school that the account belongs to. */
  schoolOf(account: string): string | undefined {
    return this.member(account)?.school
  }

  /** The tallies of an account as bytes; empty when nothing is known. */
  pack(account: string): Pack {
    return this.#packs[this.people.slot(account) ?? -1] ?? emptyPack
  }

  /** Takes over stored tallies at start, before any question. */
  load(account: string, pack: Pack): void {
    const slot = this.people.ensure(account)
    while (this.#packs.length <= slot) this.#packs.push(emptyPack)
    this.#packs[slot] = pack
    this.#dataUntilKnown = false
    this.#columns.drop()
    this.version++
  }

  /** Brings changed members up to date, and every score that was asked for before. Undo applies the inverse. */
  apply(changes: Iterable<MemberChange>): void {
    this.#columns.grow(this.#packs.length)
    for (const { account, before, after, since } of changes) {
      const slot = this.people.ensure(account)
      const known = this.#packs[slot] ?? emptyPack
      if (this.#packs.length <= slot) {
        while (this.#packs.length <= slot) this.#packs.push(emptyPack)
        this.#columns.grow(this.#packs.length)
      }
      this.#packs[slot] = after
      // What the change says of its days holds for the tallies that it was made for.
      this.#settle(slot, { before: known, after, since: known === before ? since : undefined })
    }
    this.#noteDays()
    this.version++
  }

  /** The same people and tallies under other rules, to look at before they are applied. */
  under(scheme: Scheme): Board {
    const board = new Board(scheme, this.dictionary, this.people)
    board.#packs = this.#packs
    board.#dataUntilKnown = false
    return board
  }

  /** Makes other rules the board's; everything is computed anew when it is asked for. */
  setScheme(scheme: Scheme): void {
    const rules = new Ruleset(scheme, this.dictionary)
    this.#tools = { rules, reader: new PackReader(), meter: new CapCounter(rules) }
    this.#comparison = new Comparison(rules)
    this.#columns?.drop()
    this.#columns = new Columns(this.#tools)
    this.#dataUntilKnown = false
    this.version++
  }

  /** What `setScheme` would change, over the whole periods of both schemes, in order of code. */
  preview(scheme: Scheme): RescoreDifference {
    const other = this.under(scheme)
    const difference: RescoreDifference = { members: [], schools: [] }
    for (const role of ['administrator', 'teacher'] as const) {
      const old = this.column({ role, window: this.scheme.period })
      const fresh = other.column({ role, window: scheme.period })
      for (const slot of this.people.active[role]) {
        const before = (old.values[slot] ?? 0) / this.rules.scale
        const after = (fresh.values[slot] ?? 0) / other.rules.scale
        const account = present(this.people.accounts[slot], 'an active account')
        if (before !== after) difference.members.push({ account, role, before, after })
      }
    }
    const after = other.schoolScores(scheme.period)
    for (const [index, before] of this.schoolScores(this.scheme.period).entries()) {
      const { score } = present(after[index], 'the same school under other rules')
      const { code } = before
      if (score !== before.score) difference.schools.push({ code, before: before.score, after: score })
    }
    return difference
  }

  /** Points of a member in a role, exact. */
  points(account: string, query: PointsQuery): number {
    const slot = this.people.slot(account)
    if (slot === undefined) return 0
    const known = this.#columns.known(query)
    const points = known
      ? known.values[slot]
      : pointsOfPack(this.#packs[slot] ?? emptyPack, new ScoreColumn(query, this.rules), this.#tools)
    return (points ?? 0) / this.rules.scale
  }

  /** Points of a member in a role by indicator name, those with 0 left out. */
  breakdown(account: string, query: PointsQuery): Map<string, number> {
    const found = new Map<string, number>()
    pointsByIndicator(this.pack(account), new ScoreColumn(query, this.rules), this.#tools, (rule, points) => {
      if (points) found.set(rule.indicator.name, points / this.rules.scale)
    })
    return found
  }

  /** For many members of one query: their points in the scheme's order of indicators. */
  breakdowns(query: PointsQuery): (account: string) => number[] {
    const column = new ScoreColumn(query, this.rules)
    const places = new Map(this.scheme.indicators.map(({ name }, place) => [name, place]))
    const { scale } = this.rules
    return (account) => {
      const points = new Array<number>(places.size).fill(0)
      pointsByIndicator(this.pack(account), column, this.#tools, ({ indicator }, own) => {
        points[places.get(indicator.name) ?? points.length] = own / scale
      })
      return points
    }
  }

  /** Recorded actions by indicator name, whatever they are worth; indicators without any are left out. */
  counts(account: string, query: CountsQuery): Map<string, number> {
    const names = query.indicators && new Set(query.indicators)
    const counts = new Map<string, number>()
    for (const { indicator, day, count } of decodeTallies(this.pack(account))) {
      const name = present(this.dictionary.names[indicator], 'the name of a counted indicator')
      if (day < query.window.from || day > query.window.to || (names && !names.has(name))) continue
      counts.set(name, (counts.get(name) ?? 0) + count)
    }
    return counts
  }

  /** Where the points of a member in a role come from, in order of the scheme's indicators, those without actions left out. */
  explain(account: string, query: PointsQuery): Explanation[] {
    return explainPack(this.pack(account), query, this.#tools)
  }

  schoolScore(code: string, window: Window, indicators?: readonly string[]): SchoolScore | undefined {
    const index = this.people.schoolIndex(code)
    return index === undefined ? undefined : schoolScore(this, index, window, indicators)
  }

  /** Of all schools, in order of code. */
  schoolScores(window: Window, indicators?: readonly string[]): SchoolScore[] {
    return schoolScores(this, window, indicators)
  }

  /** Scaled points of all slots, computed once and then kept current. Mind `rules.scale`. */
  column(query: PointsQuery): ScoreColumn {
    return this.#columns.of(query, this.#packs)
  }

  #settle(slot: number, { before, after, since }: Omit<MemberChange, 'account'>): void {
    const columns = this.#columns
    this.#comparison.run(before, after, {
      since,
      differ: (indicator, day, points) => columns.add(slot, indicator, day, points),
    })
  }

  #noteDays(): void {
    const { gained, lost } = this.#comparison
    this.#comparison.gained = -1
    this.#comparison.lost = -1
    if (gained >= 0 && gained > (this.#dataUntil ?? -Infinity)) this.#dataUntil = gained
    // Where the last day may have gone, the packs are asked when somebody wants to know.
    if (lost >= 0 && lost >= (this.#dataUntil ?? -Infinity)) this.#dataUntilKnown = false
  }

  #see(pack: Pack): void {
    const { reader, rules } = this.#tools
    const { from, to } = rules.period
    reader.open(pack)
    while (reader.section()) {
      if (!rules.of(reader.indicator)) continue
      const list = reader.since(to + 1)
      const at = list.find(to + 1) - 1
      const day = at < list.start ? -1 : (list.days[at] ?? -1)
      if (day >= from && day > (this.#dataUntil ?? -Infinity)) this.#dataUntil = day
    }
  }
}
