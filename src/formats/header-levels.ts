import type { Scheme } from '../scheme/scheme'
import { wordKey } from '../text/normalise'
import type { TableColumn, Headers } from './headers'
import { fileKinds } from './rows'
import type { FileKind } from './rows'

/**
 * The titles of a header in two rows, one for each column: the lower one with its group where both together are a
 * known title, else the lower one, else the upper one that reaches down. Undefined when two known titles that stand
 * over each other mean different columns, so that nobody can tell.
 */
export function combineTitles(
  upper: readonly string[],
  lower: readonly string[],
  headers: Headers,
  scheme: Scheme,
): string[] | undefined {
  const indicators = new Set(scheme.indicators.map(({ name }) => wordKey(name)))
  const columnsOf = (title: string) => fileKinds.map((kind) => headers.columns[kind].get(wordKey(title)))
  const isKnown = (title: string) => columnsOf(title).some(Boolean) || indicators.has(wordKey(title))
  const titles: string[] = []
  let group = ''
  for (let at = 0; at < Math.max(upper.length, lower.length); at++) {
    const [up = '', low = ''] = [upper[at], lower[at]]
    if (up) group = up
    const both = group + low
    if (!low) titles.push(up)
    else if (isKnown(both)) titles.push(both)
    else {
      const reaches = up !== '' && !upper[at + 1] && Boolean(lower[at + 1])
      const means = columnsOf(low)
      const differs = columnsOf(up).every((column, kind) => column !== means[kind])
      if (up && up !== low && isKnown(up) && isKnown(low) && differs && !reaches) return undefined
      titles.push(low)
    }
  }
  return titles
}

/** Tells a header of one row from one whose titles stand in two. `scheme` is given where its indicators are titles. */
export class HeaderLevels {
  private readonly indicators: ReadonlySet<string>

  constructor(
    private readonly headers: Headers,
    private readonly kind: FileKind,
    scheme: Scheme | undefined,
  ) {
    this.indicators = new Set(scheme?.indicators.map(({ name }) => wordKey(name)))
  }

  private isTitle(title: string): boolean {
    const key = wordKey(title)
    const known = Object.values(this.headers.columns).some((words) => words.has(key))
    return title !== '' && (known || this.indicators.has(key))
  }

  private columnOf(title: string | undefined): TableColumn | undefined {
    return title ? this.headers.columns[this.kind].get(wordKey(title)) : undefined
  }

  private columnsIn(titles: readonly string[]): Set<TableColumn> {
    return new Set(titles.flatMap((title) => this.columnOf(title) ?? []))
  }

  /** Whether a title says the same as the one above it, perhaps in another language. */
  private repeats(title: string, above: string | undefined): boolean {
    const column = this.columnOf(title)
    return column !== undefined && column === this.columnOf(above)
  }

  /** Whether the row under a header has titles that the header does not have, and nothing that is data. */
  goesOn(header: readonly string[], lower: readonly string[]): boolean {
    const further = lower.filter(
      (title, at) => this.isTitle(title) && !header.includes(title) && !this.repeats(title, header[at]),
    )
    if (!further.length) return false
    if (lower.every((title) => !title || further.includes(title))) return true
    if (header.every((title, at) => !this.isTitle(title) || !lower[at])) return true
    const own = this.columnsIn(header)
    const theirs = this.columnsIn(lower)
    return theirs.size > own.size && [...own].every((column) => theirs.has(column))
  }

  /** Whether a title in the row above stands over an empty cell of the header: it reaches down, or is lost. */
  beganAbove(upper: readonly string[], header: readonly string[]): boolean {
    return upper.some((title, at) => this.isTitle(title) && !header[at] && !header.includes(title))
  }
}
