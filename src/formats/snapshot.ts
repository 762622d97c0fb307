import { formatDay } from '../calendar/day'
import type { Day } from '../calendar/day'
import { RefusedCell } from './cells'
import type { SheetRow } from './cells'
import type { HeaderRow } from './header-row'
import { readCodeField } from './code-fields'
import { Fault, readAnyNumber, readText, short } from './fields'
import type { FieldSource } from './fields'
import { parseMoment } from './moments'
import { field, isUnknown, timeValue } from './reading'
import type { TableReading } from './reading'
import type { SnapshotRow } from './rows'

/** No platform gives more points than this; what is larger is no figure of points. */
const MOST_POINTS = 1_000_000_000

/** Reads rows of the platform's own scores. A subject that comes twice for a day with other figures is a fault the second time. */
export function snapshotReader(reading: TableReading, seen: Map<string, SnapshotRow>) {
  return (row: SheetRow): SnapshotRow | undefined | Fault => {
    const parsed = readSnapshotRow(reading, row)
    if (parsed instanceof Fault) return parsed
    const { subject } = parsed
    const code = subject.kind === 'member' ? subject.account : subject.code
    const key = `${subject.kind} ${code} ${parsed.day}`
    const first = seen.get(key)
    if (!first) {
      seen.set(key, parsed)
      return parsed
    }
    const content = ({ total, indicators }: SnapshotRow) => JSON.stringify([total, indicators])
    if (content(first) === content(parsed)) return undefined
    const column = subject.kind === 'member' ? 'account' : 'schoolCode'
    return new Fault(column, 'duplicate-subject', { value: code, first: first.row })
  }
}

function readSnapshotRow(reading: TableReading, row: SheetRow): SnapshotRow | Fault {
  const subject = readSubject(reading, row)
  if (subject instanceof Fault) return subject
  const day = readDay(reading, row)
  if (day instanceof Fault) return day
  const total = readAnyNumber(field(reading, row, 'total'))
  if (total instanceof Fault) return total
  if (total === undefined) return new Fault('total', 'missing')
  if (Math.abs(total) > MOST_POINTS)
    return new Fault('total', 'too-large', { value: total, limit: MOST_POINTS })
  const indicators: Record<string, number> = {}
  for (const { at, name } of reading.header.indicators) {
    const points = readPoints({ column: 'total', cell: row.cells[at] }, name)
    if (points instanceof Fault) return points
    if (points !== undefined) indicators[name] = points
  }
  return { row: row.row, subject, day, total, indicators }
}

function readSubject(reading: TableReading, row: SheetRow): SnapshotRow['subject'] | Fault {
  const account = readCodeField(field(reading, row, 'account'), reading.accounts)
  if (account instanceof Fault) return account
  if (account) {
    return isUnknown(account, reading.accounts)
      ? new Fault('account', 'unknown-account', { value: account })
      : { kind: 'member', account }
  }
  const code = readCodeField(field(reading, row, 'schoolCode'), reading.schools)
  if (code instanceof Fault) return code
  if (!code) return new Fault(reading.header.at.has('account') ? 'account' : 'schoolCode', 'missing')
  return isUnknown(code, reading.schools)
    ? new Fault('schoolCode', 'unknown-school', { value: code })
    : { kind: 'school', code }
}

function readDay(reading: TableReading, row: SheetRow): Day | Fault {
  const { cell } = field(reading, row, 'day')
  const value = timeValue(cell, (text) => readText({ column: 'day', cell: text }))
  if (value instanceof Fault) return value
  if (value === '') return reading.day ?? new Fault('day', 'missing')
  const moment = parseMoment(value, reading.from1904, reading.headers.dates)
  if (!moment) return new Fault('day', 'bad-date', { value: short(String(value)) })
  return impossibleDay(moment.day, reading) ?? moment.day
}

/** A report of this year is of no day before the year, nor of one that has not come; it may well be made after the year. */
export function impossibleDay(
  day: Day,
  { scheme, today = Infinity }: Pick<TableReading, 'scheme' | 'today'>,
): Fault | undefined {
  const { from } = scheme.period
  if (day >= from && day <= today) return undefined
  return new Fault('day', 'report-day', { value: formatDay(day), from: formatDay(from) })
}

/**
 * The day that the text above a table names. Of two in one title the later one is meant, as in a window; more than
 * two are not guessed at. A wide table is of one day or none.
 */
export function dayAbove({ daysAbove, isWide }: HeaderRow): Day | undefined {
  const days = [...new Set(daysAbove)]
  if (days.length > (isWide ? 1 : 2)) {
    if (isWide) throw new RefusedCell('wide-window')
    return undefined
  }
  return days.length ? Math.max(...days) : undefined
}

function readPoints(source: FieldSource, title: string): number | undefined | Fault {
  const points = readAnyNumber(source)
  if (points instanceof Fault) return new Fault({ title }, points.code, points.params)
  if (points === undefined || Math.abs(points) <= MOST_POINTS) return points
  return new Fault({ title }, 'too-large', { value: points, limit: MOST_POINTS })
}
