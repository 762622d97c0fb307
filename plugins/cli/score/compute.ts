import { Board } from '@space-assistant/core/scoring/board'
import { Column } from '@space-assistant/core/scoring/column'
import type { PointsQuery } from '@space-assistant/core/scoring/column'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import type { PointsTable } from '@space-assistant/core/scoring/lines/points'
import { overlay } from '@space-assistant/core/scoring/overlay'
import { emptyPack } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import type { MemberRole, Scheme, Window } from '@space-assistant/core/scheme/scheme'
import type { People } from './inputs'
import type { FileTallies } from './records'

/** The tallies of several records files, by member, in the order given. */
export class Tallies {
  readonly packs: Pack[]
  readonly #bySchool = new Map<string, number[]>()

  constructor(readonly people: People) {
    this.packs = people.members.map(() => emptyPack)
    for (const [member, { school }] of people.members.entries()) {
      const members = this.#bySchool.get(school) ?? []
      this.#bySchool.set(school, members)
      members.push(member)
    }
  }

  /** A file with ids adds; one without replaces what was known in its schools on its days. */
  apply({ withIds, packs, members, days }: FileTallies): void {
    const stated = (member: number) => packs.get(member) ?? emptyPack
    if (withIds) {
      for (const [member, pack] of packs) this.packs[member] = overlay(this.packs[member]!, pack)
      return
    }
    const schools = new Set([...members].map((member) => this.people.members[member]!.school))
    for (const school of schools) {
      for (const member of this.#bySchool.get(school)!) {
        this.packs[member] = overlay(this.packs[member]!, stated(member), days)
      }
    }
  }
}

/** An empty board's dictionary has the scheme's indicators; these are their numbers in the scheme's order. */
export function newDictionary(scheme: Scheme): { dictionary: Dictionary; numbers: number[] } {
  const dictionary = new Dictionary(scheme.indicators.map(({ name }) => name))
  return { dictionary, numbers: [...dictionary.names.keys()] }
}

/** A board for one window whose points are known already; it answers nothing about tallies. */
export class PointsBoard extends Board {
  readonly #columns = new Map<MemberRole, Column>()
  readonly #points: PointsTable
  readonly #width: number
  /** Whether an indicator is one of the role. */
  readonly #wanted: Record<MemberRole, boolean[]>

  constructor(
    { members, schools }: People,
    readonly window: Window,
    { scheme, dictionary, points }: { scheme: Scheme; dictionary: Dictionary; points: PointsTable },
  ) {
    super(scheme, dictionary)
    this.setRoster(members, schools)
    this.#width = scheme.indicators.length
    this.#points = points
    const of = (wanted: MemberRole) => scheme.indicators.map(({ role }) => role === wanted)
    this.#wanted = { teacher: of('teacher'), administrator: of('administrator') }
  }

  override column(query: PointsQuery): Column {
    if (query.indicators || query.window.from !== this.window.from || query.window.to !== this.window.to) {
      throw new Error('score: only the points of one window are known')
    }
    const known = this.#columns.get(query.role) ?? this.#sum(query)
    this.#columns.set(query.role, known)
    return known
  }

  /** Points of an account in a role by indicator, in the scheme's order. */
  byIndicator(account: string, role: MemberRole): number[] {
    const wanted = this.#wanted[role]
    const { scale } = this.rules
    const found: number[] = []
    const start = this.people.slot(account)! * this.#width
    for (let at = 0; at < this.#width; at++) found.push(wanted[at] ? this.#points[start + at]! / scale : 0)
    return found
  }

  #sum(query: PointsQuery): Column {
    const column = new Column(query, this.rules)
    column.grow(this.people.accounts.length)
    const wanted = this.#wanted[query.role]
    for (let slot = 0, at = 0; slot < column.values.length; slot++) {
      let sum = 0
      for (let indicator = 0; indicator < this.#width; indicator++, at++) {
        if (wanted[indicator]) sum += this.#points[at]!
      }
      column.values[slot] = sum
    }
    return column
  }
}
