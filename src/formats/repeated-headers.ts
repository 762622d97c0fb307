import { wordKey } from '../text/normalise'
import type { Cell } from './cells'
import { kindOfTitles } from './header-kind'
import { titleOf } from './header-row'
import type { HeaderRow } from './header-row'
import type { TableColumn, Headers } from './headers'

/** Tells rows that repeat the header of a table from rows of data. */
export class RepeatedHeaders {
  private readonly column: TableColumn | undefined
  private readonly at: number
  private readonly words: ReadonlyMap<string, TableColumn>
  /** Texts of the first column that are no header word: most rows are told by these alone. */
  private readonly data = new Set<string>()

  constructor(
    private readonly header: HeaderRow,
    private readonly headers: Headers,
  ) {
    const [first] = header.at
    this.column = first?.[0]
    this.at = first?.[1] ?? 0
    this.words = headers.columns[header.kind]
  }

  /** 'same' for the same header again (skip it), 'other' for a different one, undefined for data. */
  of(cells: readonly (Cell | undefined)[]): 'same' | 'other' | undefined {
    const first = cells[this.at]
    if (typeof first !== 'string' || this.data.has(first)) return undefined
    const column = this.words.get(wordKey(titleOf(first)))
    if (!column) {
      if (this.data.size < 50_000) this.data.add(first)
      return undefined
    }
    if (column !== this.column)
      return kindOfTitles(Array.from(cells, titleOf), this.headers, undefined) ? 'other' : undefined
    const own = [...this.header.at].filter(([c, at]) => this.words.get(wordKey(titleOf(cells[at]))) === c)
    return own.length > this.header.at.size / 2 ? 'same' : undefined
  }
}
