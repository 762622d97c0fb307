import { Board } from '@space-assistant/core/scoring/board'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { overlay } from '@space-assistant/core/scoring/overlay'
import { emptyPack } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
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

  /** The board that answers for these tallies. */
  board(board: Board): Board {
    board.setRoster(this.people.members, this.people.schools)
    for (const [member, pack] of this.packs.entries()) {
      if (pack.length) board.load(this.people.members[member]!.account, pack)
    }
    return board
  }
}

/** An empty board whose dictionary has the scheme's indicators, and their numbers in the scheme's order. */
export function newBoard(scheme: Scheme): { board: Board; numbers: number[] } {
  const dictionary = new Dictionary(scheme.indicators.map(({ name }) => name))
  return { board: new Board(scheme, dictionary), numbers: [...dictionary.names.keys()] }
}
