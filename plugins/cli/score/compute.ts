import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import type { Engine } from '@space-assistant/core/scoring/lines/engine'
import type { EnginePeople } from '@space-assistant/core/scoring/lines/people'
import { overlay } from '@space-assistant/core/scoring/overlay'
import { emptyPack } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { FileTallies } from './records'

/** The tallies of several records files, by member, in the order given. */
export class Tallies {
  readonly packs: Pack[]
  /** By index of school. */
  readonly #members: number[][]
  /** By member. */
  readonly #schools: Uint32Array

  constructor(engine: Engine, { accounts, schoolOf, schools }: EnginePeople) {
    const { count } = accounts
    this.packs = new Array<Pack>(count).fill(emptyPack)
    this.#schools = engine.words.slice(schoolOf / 4, schoolOf / 4 + count)
    this.#members = schools.map(() => [])
    for (const [member, school] of this.#schools.entries()) this.#members[school]!.push(member)
  }

  /** A file with ids adds; one without replaces what was known in its schools on its days. */
  apply({ withIds, packs, members, days }: FileTallies): void {
    const stated = (member: number) => packs.get(member) ?? emptyPack
    if (withIds) {
      for (const [member, pack] of packs) this.packs[member] = overlay(this.packs[member]!, pack)
      return
    }
    const schools = new Set([...members].map((member) => this.#schools[member]!))
    for (const school of schools) {
      for (const member of this.#members[school]!) {
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
