import { isTotal } from '../../formats/totals'
import type { LineSetup } from './setup'

/** Texts that are remembered; names of people come again, remarks do not. */
const MOST_KNOWN = 100_000

/** Texts of columns that nobody reads, but which would make their row a sum if they were the word for one. */
export class HarmlessTexts {
  readonly #known = new Set<string>()
  readonly #decode: (bytes: Uint8Array) => string

  constructor(
    encoding: LineSetup['encoding'],
    readonly totals: ReadonlySet<string>,
  ) {
    const decoder = new TextDecoder(encoding)
    this.#decode = (bytes) => decoder.decode(bytes)
  }

  /** Whether these bytes are no word for a sum. */
  has(bytes: Uint8Array): boolean {
    const text = this.#decode(bytes)
    if (this.#known.has(text)) return true
    if (isTotal(text, this.totals)) return false
    if (this.#known.size < MOST_KNOWN) this.#known.add(text)
    return true
  }
}
