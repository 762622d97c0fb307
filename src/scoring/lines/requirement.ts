import { attributes } from '../../scheme/scheme'
import type { Requirement } from '../../scheme/scheme'

/** A requirement over attribute values in the order of `attributes`, where -1 is one that the record does not carry. */
export class Test {
  readonly #any: boolean
  readonly #places: number[]
  readonly #mins: number[]
  readonly #maxs: number[]

  constructor({ kind, conditions }: Requirement) {
    this.#any = kind === 'any'
    this.#places = conditions.map(({ attribute }) => attributes.indexOf(attribute))
    this.#mins = conditions.map(({ min = -Infinity }) => min)
    this.#maxs = conditions.map(({ max = Infinity }) => max)
  }

  passes(values: Float64Array): boolean {
    let carried = false
    for (let i = 0; i < this.#places.length; i++) {
      const value = values[this.#places[i]!]!
      if (value < 0) continue
      carried = true
      const holds = value >= this.#mins[i]! && value <= this.#maxs[i]!
      if (holds === this.#any) return holds
    }
    return !carried || !this.#any
  }
}
