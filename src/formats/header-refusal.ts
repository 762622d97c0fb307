import { wordKey } from '../text/normalise'
import { RefusedCell } from './cells'
import type { SheetRow } from './cells'
import { hasColumn, neededColumns } from './header-kind'
import { titleOf } from './header-row'
import type { TableColumn, Headers } from './headers'
import type { FileKind } from './rows'

const SHOWN_TITLES = 8

/** A row that may have been meant as the header. */
interface Candidate {
  kind: FileKind
  row: number
  missing: TableColumn[]
  found: Set<TableColumn>
}

/** Explains why no sheet of the file has a header. `rows` are those of the sheet that came nearest. */
export function refuseWithoutHeader(rows: readonly SheetRow[], headers: Headers, given?: FileKind): never {
  const best = nearestHeader(rows, headers, given)
  if (best) {
    const { kind, row } = best
    const named = (columns: Iterable<TableColumn>) =>
      Array.from(columns, (column) => headers.names[kind].get(column) ?? column).join('\n')
    throw new RefusedCell('missing-columns', {
      kind,
      row,
      found: named(best.found),
      columns: named(best.missing),
    })
  }
  const kind = given ?? 'records'
  const example = neededColumns.find(([one]) => one === kind)?.[1] ?? []
  const columns = example.flatMap((column) => headers.names[kind].get(firstOf(column)) ?? []).join('\n')
  const seen = titlesSeenIn(rows)
  throw seen ? new RefusedCell('no-header', { columns, ...seen }) : new RefusedCell('no-titles', { columns })
}

function nearestHeader(
  rows: readonly SheetRow[],
  headers: Headers,
  given: FileKind | undefined,
): Candidate | undefined {
  let best: Candidate | undefined
  for (const { row, cells } of rows) {
    const titles = Array.from(cells, titleOf)
    for (const [kind, columns] of neededColumns) {
      if (given && kind !== given) continue
      const found = new Set(titles.flatMap((title) => headers.columns[kind].get(wordKey(title)) ?? []))
      const missing = columns.flatMap((column) => (hasColumn(found, column) ? [] : [firstOf(column)]))
      if (found.size < 2 && !(given && found.size)) continue
      if (!best || found.size - missing.length > best.found.size - best.missing.length)
        best = { kind, row, missing, found }
    }
  }
  return best
}

/** The row that looks most like one of titles: the one with the most texts without digits. */
export function titlesSeenIn(rows: readonly SheetRow[]): { row: number; seen: string } | undefined {
  const titles = rows.map(({ row, cells }) => {
    const texts = Array.from(cells, titleOf).filter(
      (title) => title && title.length <= 20 && !/\d{3}/.test(title),
    )
    return { row, texts }
  })
  const [most] = titles.sort((a, b) => b.texts.length - a.texts.length || a.row - b.row)
  if (!most || most.texts.length < 2) return undefined
  return { row: most.row, seen: most.texts.slice(0, SHOWN_TITLES).join('\n') }
}

function firstOf(column: TableColumn | TableColumn[]): TableColumn {
  return Array.isArray(column) ? (column[0] ?? 'account') : column
}
