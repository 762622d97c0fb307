import type { Scheme } from '../scheme/scheme'
import { RefusedCell } from './cells'
import type { Cell, SheetRow } from './cells'
import type { TableColumn, Headers } from './headers'
import type { FileKind } from './rows'
import { clean, wordKey } from '../text/normalise'

/** Columns that a file of the kind must have; of an inner list, one. The order of kinds is that of recognition. */
const needed: [FileKind, (TableColumn | TableColumn[])[]][] = [
  ['roster', ['schoolCode', 'schoolName', 'name', 'account', 'roles']],
  ['records', ['account', 'indicator', 'time']],
  ['snapshot', [['account', 'schoolCode'], 'total']],
  ['schools', ['code', 'name']],
]

/** How many rows may stand above the header. */
export const HEADER_WITHIN = 30

/** The header of a sheet: which cell of a row holds what. */
export interface HeaderRow {
  kind: FileKind
  row: number
  /** Index of each column that is there. */
  at: ReadonlyMap<TableColumn, number>
  /** Of a column that is there under two names, the index of the one that gives way. */
  spare: ReadonlyMap<TableColumn, number>
  /** Its title as it stands in the file. */
  titles: ReadonlyMap<TableColumn, string>
  /** Columns named like an indicator of the scheme (snapshot). */
  indicators: readonly { at: number; name: string }[]
}

/** Finds the header among the first rows of a sheet; undefined when there is none. `given` is the kind that the user named. */
export function findHeader(
  rows: readonly SheetRow[],
  headers: Headers,
  scheme: Scheme,
  given?: FileKind,
): HeaderRow | undefined {
  const titles = rows.map(({ cells }) => cells.map(titleOf))
  for (const [index, row] of titles.entries()) {
    const kind = kindOf(row, headers, given)
    if (!kind) continue
    const refuse = (upper: number) => {
      throw new RefusedCell('two-header-rows', { row: rows[upper]!.row, next: rows[upper + 1]!.row })
    }
    const levels = new HeaderLevels(headers, kind, scheme)
    if (levels.goesOn(row, titles[index + 1] ?? [])) refuse(index)
    if (index > 0 && levels.beganAbove(titles[index - 1]!, row)) refuse(index - 1)
    return makeHeader(kind, rows[index]!.row, row, headers, scheme)
  }
  for (let index = 0; index + 1 < rows.length; index++) {
    const [upper, lower] = [titles[index]!, titles[index + 1]!]
    if (upper.filter(Boolean).length < 2 || lower.filter(Boolean).length < 2) continue
    if (kindOf([...upper, ...lower], headers, given)) {
      throw new RefusedCell('two-header-rows', { row: rows[index]!.row, next: rows[index + 1]!.row })
    }
  }
  return undefined
}

/** Explains why no sheet of the file has a header. `rows` are those of the sheet that came nearest. */
export function refuseWithoutHeader(rows: readonly SheetRow[], headers: Headers, given?: FileKind): never {
  let best: { kind: FileKind; row: number; missing: TableColumn[]; found: number } | undefined
  for (const { row, cells } of rows) {
    const titles = cells.map(titleOf)
    for (const [kind, columns] of needed) {
      if (given && kind !== given) continue
      const known = new Set(titles.flatMap((title) => headers.columns[kind].get(wordKey(title)) ?? []))
      const missing = columns.flatMap((column) => (has(known, column) ? [] : [[column].flat()[0]!]))
      if (known.size < 2 && !(given && known.size)) continue
      if (!best || known.size - missing.length > best.found - best.missing.length) {
        best = { kind, row, missing, found: known.size }
      }
    }
  }
  if (best) {
    const columns = best.missing.map((column) => headers.names[best.kind].get(column)).join('\n')
    throw new RefusedCell('missing-columns', { kind: best.kind, row: best.row, columns })
  }
  const example = needed.find(([kind]) => kind === (given ?? 'records'))![1]
  const columns = example
    .map((column) => headers.names[given ?? 'records'].get([column].flat()[0]!))
    .join('\n')
  throw new RefusedCell('no-header', { columns })
}

/** Tells rows that repeat the header of a table from rows of data. */
export class RepeatedHeaders {
  private readonly column: TableColumn
  private readonly at: number
  private readonly words: ReadonlyMap<string, TableColumn>
  /** Texts of the first column that are no header word: most rows are told by these alone. */
  private readonly data = new Set<string>()

  constructor(
    private readonly header: HeaderRow,
    private readonly headers: Headers,
  ) {
    const [column, at] = header.at.entries().next().value!
    this.column = column
    this.at = at
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
    if (column !== this.column) return kindOf(cells.map(titleOf), this.headers) ? 'other' : undefined
    const own = [...this.header.at].filter(([c, at]) => this.words.get(wordKey(titleOf(cells[at]))) === c)
    return own.length > this.header.at.size / 2 ? 'same' : undefined
  }
}

function kindOf(titles: readonly string[], headers: Headers, given?: FileKind): FileKind | undefined {
  const keys = titles.map(wordKey)
  const found = needed.filter(([kind, columns]) => {
    const known = new Set(keys.flatMap((key) => headers.columns[kind].get(key) ?? []))
    if (kind === 'schools' && given !== 'schools' && keys.some((key) => isOfPeople(key, headers)))
      return false
    return columns.every((column) => has(known, column))
  })
  const kinds = found.map(([kind]) => kind)
  if (!given || !kinds.length || kinds.includes(given)) return given && kinds.length ? given : kinds[0]
  throw new RefusedCell('wrong-kind', { found: kinds[0]!, given })
}

/** A table with a column of people is an incomplete roster, not a table of schools. */
function isOfPeople(key: string, headers: Headers): boolean {
  const column = headers.columns.roster.get(key)
  return column === 'name' || column === 'account' || column === 'roles'
}

/** Tells a header of one row from one whose titles stand in two. */
class HeaderLevels {
  private readonly indicators: ReadonlySet<string>

  constructor(
    private readonly headers: Headers,
    private readonly kind: FileKind,
    scheme: Scheme,
  ) {
    // In other files the names of indicators are data.
    const named = kind === 'snapshot' ? scheme.indicators : []
    this.indicators = new Set(named.map(({ name }) => wordKey(name)))
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

function has(known: ReadonlySet<TableColumn>, column: TableColumn | TableColumn[]): boolean {
  return [column].flat().some((one) => known.has(one))
}

function makeHeader(
  kind: FileKind,
  row: number,
  titles: readonly string[],
  headers: Headers,
  scheme: Scheme,
): HeaderRow {
  const ranks = new Map([...headers.columns[kind].keys()].map((key, rank) => [key, rank]))
  const at = new Map<TableColumn, number>()
  const spare = new Map<TableColumn, number>()
  titles.forEach((title, index) => {
    const column = headers.columns[kind].get(wordKey(title))
    if (!column) return
    const other = at.get(column)
    const [rank, otherRank] = [title, other === undefined ? '' : titles[other]!].map(
      (t) => ranks.get(wordKey(t)) ?? Infinity,
    )
    if (other !== undefined && rank === otherRank) throw new RefusedCell('column-twice', { column: title })
    // Of two names for one column the one that stands earlier in config/headers.yml is meant.
    if (other === undefined || rank! < otherRank!) at.set(column, index)
    if (other !== undefined) spare.set(column, rank! < otherRank! ? other : index)
  })
  return {
    kind,
    row,
    at,
    spare,
    titles: new Map([...at].map(([column, index]) => [column, titles[index]!])),
    indicators: kind === 'snapshot' ? indicatorColumns(titles, scheme) : [],
  }
}

function indicatorColumns(titles: readonly string[], scheme: Scheme): { at: number; name: string }[] {
  const names = new Map(scheme.indicators.map(({ name }) => [wordKey(name), name]))
  const found = titles.flatMap((title, at) => {
    const name = names.get(wordKey(title))
    return name ? [{ at, name }] : []
  })
  const twice = found.find(({ name }, index) => found.findIndex((other) => other.name === name) !== index)
  if (twice) throw new RefusedCell('column-twice', { column: twice.name })
  return found
}

function titleOf(cell: Cell | undefined): string {
  return typeof cell === 'string' && cell.length <= 60 ? clean(cell) : ''
}
