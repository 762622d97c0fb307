import type { Scheme } from '../scheme/scheme'
import { wordKey } from '../text/normalise'
import { RefusedCell } from './cells'
import type { TableColumn, Headers } from './headers'
import type { FileKind } from './rows'

/** Columns that a file of the kind must have; of an inner list, one. The order of kinds is that of recognition. */
export const neededColumns: readonly (readonly [FileKind, readonly (TableColumn | TableColumn[])[]])[] = [
  ['roster', ['schoolCode', 'schoolName', 'name', 'account', 'roles']],
  ['records', ['account', 'indicator', 'time']],
  ['snapshot', [['account', 'schoolCode'], 'total']],
  ['schools', ['code', 'name']],
]

/**
 * The kind of table that a row of titles is the header of. A table of accounts whose other columns are named like
 * indicators, without a total, states counts: it is one of records, written wide.
 */
export function kindOfTitles(
  titles: readonly string[],
  headers: Headers,
  scheme: Scheme | undefined,
  given?: FileKind,
): { kind: FileKind; isWide: boolean } | undefined {
  const keys = titles.map(wordKey)
  const kinds = neededColumns
    .filter(([kind, columns]) => {
      const known = new Set(keys.flatMap((key) => headers.columns[kind].get(key) ?? []))
      if (kind === 'schools' && given !== 'schools' && keys.some((key) => isOfPeople(key, headers)))
        return false
      return columns.every((column) => hasColumn(known, column))
    })
    .map(([kind]) => kind)
  if (given && kinds.includes(given)) return { kind: given, isWide: false }
  const isWide = scheme !== undefined && !kinds.length && isWideHeader(keys, headers, scheme)
  const kind = isWide ? 'records' : kinds[0]
  if (kind === undefined || !given || kind === given) return kind && { kind, isWide }
  throw new RefusedCell('wrong-kind', { found: kind, given })
}

function isWideHeader(keys: readonly string[], headers: Headers, scheme: Scheme): boolean {
  const names = new Set(scheme.indicators.map(({ name }) => wordKey(name)))
  return (
    keys.some((key) => headers.columns.records.get(key) === 'account') && keys.some((key) => names.has(key))
  )
}

/** A table with a column of people is an incomplete roster, not a table of schools. */
function isOfPeople(key: string, headers: Headers): boolean {
  const column = headers.columns.roster.get(key)
  return column === 'name' || column === 'account' || column === 'roles'
}

/** Whether a column is there, or one of several. */
export function hasColumn(known: ReadonlySet<TableColumn>, column: TableColumn | TableColumn[]): boolean {
  return [column].flat().some((one) => known.has(one))
}
