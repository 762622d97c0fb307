import type { Day } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import { clean, wordKey } from '../text/normalise'
import { nearest } from '../text/nearest'
import { RefusedCell } from './cells'
import type { Cell, SheetRow } from './cells'
import { kindOfTitles } from './header-kind'
import { combineTitles, HeaderLevels } from './header-levels'
import type { TableColumn, Headers } from './headers'
import { daysIn } from './moments'
import { shownText } from './number-format'
import type { FileKind, UnreadColumn } from './rows'

/** How many rows may stand above the header. */
export const HEADER_WITHIN = 30

/** The header of a sheet: which cell of a row holds what. */
export interface HeaderRow {
  kind: FileKind
  /** The last row of the header, as a spreadsheet shows it. */
  row: number
  /** Index of each column that is there. */
  at: ReadonlyMap<TableColumn, number>
  /** Of a column that is there under two names, the index of the one that gives way. */
  spare: ReadonlyMap<TableColumn, number>
  /** Its title as it stands in the file. */
  titles: ReadonlyMap<TableColumn, string>
  /** Columns named like an indicator of the scheme: points of a report, or counts where the table is wide. */
  indicators: readonly { at: number; name: string }[]
  /** Records with a column for each indicator instead of a row for each action. */
  isWide: boolean
  /** The days that are named above the header, in their order. */
  daysAbove: readonly Day[]
  unread: readonly UnreadColumn[]
}

/** Finds the header among the first rows of a sheet; undefined when there is none. `given` is the kind that the user named. */
export function findHeader(
  rows: readonly SheetRow[],
  headers: Headers,
  scheme: Scheme,
  given?: FileKind,
): HeaderRow | undefined {
  const titles = rows.map(({ cells }) => Array.from(cells, titleOf))
  const search = new HeaderSearch(rows, titles, headers, scheme)
  for (const index of titles.keys()) {
    const header = search.alone(index, given)
    if (header) return header
  }
  for (let index = 0; index + 1 < rows.length; index++) {
    const header = search.inTwoRows(index, given)
    if (header) return header
  }
  return undefined
}

class HeaderSearch {
  constructor(
    private readonly rows: readonly SheetRow[],
    private readonly titles: readonly (readonly string[])[],
    private readonly headers: Headers,
    private readonly scheme: Scheme,
  ) {}

  /** The header that a row is, with the row above or below where titles stand in both. */
  alone(index: number, given: FileKind | undefined): HeaderRow | undefined {
    const { headers, scheme } = this
    const row = this.titles[index] ?? []
    const found = kindOfTitles(row, headers, scheme, given)
    if (!found) return undefined
    const levels = new HeaderLevels(
      headers,
      found.kind,
      found.isWide || found.kind === 'snapshot' ? scheme : undefined,
    )
    if (levels.goesOn(row, this.titles[index + 1] ?? [])) return this.pair(index, given)
    if (index > 0 && levels.beganAbove(this.titles[index - 1] ?? [], row)) return this.pair(index - 1, given)
    return this.make(found, row, index, index)
  }

  /** Titles that make a header only together. */
  inTwoRows(index: number, given: FileKind | undefined): HeaderRow | undefined {
    const pair = [this.titles[index] ?? [], this.titles[index + 1] ?? []]
    if (pair.some((row) => row.filter(Boolean).length < 2)) return undefined
    return this.combined(index, given) ?? this.refuseKnown(index, given)
  }

  private pair(upper: number, given: FileKind | undefined): HeaderRow {
    return this.combined(upper, given) ?? this.refuse(upper)
  }

  private combined(upper: number, given: FileKind | undefined): HeaderRow | undefined {
    const { headers, scheme } = this
    const titles = combineTitles(this.titles[upper] ?? [], this.titles[upper + 1] ?? [], headers, scheme)
    const found = titles && kindOfTitles(titles, headers, scheme, given)
    return found && this.make(found, titles, upper, upper + 1)
  }

  private refuseKnown(upper: number, given: FileKind | undefined): undefined {
    const both = [...(this.titles[upper] ?? []), ...(this.titles[upper + 1] ?? [])]
    const found = kindOfTitles(both, this.headers, this.scheme, given)
    if (found && !found.isWide) this.refuse(upper)
    return undefined
  }

  private refuse(upper: number): never {
    const [row = 0, next = 0] = this.rows.slice(upper, upper + 2).map((one) => one.row)
    throw new RefusedCell('two-header-rows', { row, next })
  }

  private make(
    { kind, isWide }: { kind: FileKind; isWide: boolean },
    titles: readonly string[],
    first: number,
    last: number,
  ): HeaderRow {
    const { at, spare } = placesOf(kind, titles, this.headers)
    const named = kind === 'snapshot' || isWide ? indicatorColumns(titles, this.scheme) : []
    const used = new Set([...at.values(), ...spare.values(), ...named.map((one) => one.at)])
    const known = new Map([...at].map(([column, index]) => [column, titles[index] ?? '']))
    const others = titles.filter((title, index) => title && !used.has(index))
    return {
      kind,
      row: this.rows[last]?.row ?? 0,
      at,
      spare,
      titles: known,
      indicators: named,
      isWide,
      daysAbove: this.daysAbove(first),
      unread: [...new Set(others)].map((title) => unreadColumn(title, kind, at, this.headers)),
    }
  }

  private daysAbove(header: number): Day[] {
    const texts = this.rows.slice(0, header).flatMap(({ cells }) => Array.from(cells, textOf))
    return texts.flatMap((text) => daysIn(text, this.headers.dates))
  }
}

function placesOf(
  kind: FileKind,
  titles: readonly string[],
  headers: Headers,
): { at: Map<TableColumn, number>; spare: Map<TableColumn, number> } {
  const ranks = new Map([...headers.columns[kind].keys()].map((key, rank) => [key, rank]))
  const rankOf = (title: string) => ranks.get(wordKey(title)) ?? Infinity
  const at = new Map<TableColumn, number>()
  const spare = new Map<TableColumn, number>()
  for (const [index, title] of titles.entries()) {
    const column = headers.columns[kind].get(wordKey(title))
    if (!column) continue
    const other = at.get(column)
    if (other === undefined) {
      at.set(column, index)
      continue
    }
    const [rank, otherRank] = [rankOf(title), rankOf(titles[other] ?? '')]
    if (rank === otherRank) throw new RefusedCell('column-twice', { column: title })
    // Of two names for one column the one that stands earlier in config/headers.yml is meant.
    if (rank < otherRank) at.set(column, index)
    spare.set(column, rank < otherRank ? other : index)
  }
  return { at, spare }
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

/** The header that a title may have been meant for: one that is much like it, of a column that is not there. */
function unreadColumn(
  title: string,
  kind: FileKind,
  at: ReadonlyMap<TableColumn, number>,
  headers: Headers,
): UnreadColumn {
  const key = wordKey(title)
  const words = [...headers.columns[kind]].filter(([word, column]) => {
    const shared = [...word].filter((letter) => key.includes(letter)).length
    return !at.has(column) && shared >= 2 && shared * 2 >= key.length
  })
  const found =
    key.length > 2
      ? nearest(
          key,
          words.map(([word]) => word),
        )
      : undefined
  return found === undefined ? { title } : { title, nearest: found }
}

/** A cell as a title of a column: a short text. */
export function titleOf(cell: Cell | undefined): string {
  return typeof cell === 'string' && cell.length <= 60 ? clean(cell) : ''
}

function textOf(cell: Cell | undefined): string {
  if (typeof cell === 'string') return cell.slice(0, 200)
  return typeof cell === 'object' && cell?.kind === 'shown' && cell.isDate ? (shownText(cell) ?? '') : ''
}
