import { formatDay } from '../calendar/day'
import type { Day } from '../calendar/day'
import { addPersonDay } from '../roster/person-days'
import { attributes } from '../scheme/scheme'
import type { Attribute, Indicator } from '../scheme/scheme'
import { meets } from './requirement'
import type { SheetRow } from './cells'
import { readCodeField } from './code-fields'
import { Fault, readNumber, readText, short } from './fields'
import { clockMinute, parseMoment } from './moments'
import type { Moment } from './moments'
import { nearest } from '../text/nearest'
import { field, isUnknown, required, timeValue } from './reading'
import type { TableReading } from './reading'
import type { RecordRow } from './rows'
import { valueKey, wordKey } from '../text/normalise'

const MOST_ACTIONS = 1_000_000
const LARGEST_ATTRIBUTE = 1_000_000_000

/** Reads rows of actions; of a wide table each cell with a count is one. */
export function recordsReader(reading: TableReading): (row: SheetRow) => RecordRow[] | Fault {
  if (reading.header.isWide) return (row) => readWideRow(reading, row)
  const indicators = new Map(reading.scheme.indicators.map((one) => [valueKey(one.name), one]))
  const written = new Map<string, Indicator>()
  const indicatorOf = (text: string): Indicator | undefined => {
    // The same few names come again and again: those already seen need no normalising.
    const known = written.get(text) ?? indicators.get(valueKey(text))
    if (known && written.size < 1000) written.set(text, known)
    return known
  }
  const carried = attributes.filter((attribute) => reading.header.at.has(attribute))
  return (row) => {
    const record = readRecord(reading, row, indicatorOf, carried)
    return record instanceof Fault ? record : [record]
  }
}

function readRecord(
  reading: TableReading,
  row: SheetRow,
  indicatorOf: (text: string) => Indicator | undefined,
  carried: readonly Attribute[],
): RecordRow | Fault {
  const account = readAccount(reading, row)
  if (account instanceof Fault) return account
  const indicator = readIndicator(reading, row, indicatorOf)
  if (indicator instanceof Fault) return indicator
  const moment = readMoment(reading, row)
  if (moment instanceof Fault) return moment
  const count = readNumber(field(reading, row, 'count'), { whole: true, limit: MOST_ACTIONS })
  if (count instanceof Fault) return count
  const recordId = readRecordId(reading, row)
  if (recordId instanceof Fault) return recordId
  const values = readAttributes(reading, row, carried)
  if (values instanceof Fault) return values
  return {
    row: row.row,
    account,
    indicator: indicator.name,
    day: moment.day,
    minute: moment.minute,
    count: count ?? 1,
    recordId,
    attributes: values,
    valid: indicator.requirement ? meets(indicator.requirement, (attribute) => values[attribute]) : true,
  }
}

/** A row of a table with a column for each indicator: as many actions of one day as its cells say. */
function readWideRow(reading: TableReading, row: SheetRow): RecordRow[] | Fault {
  const account = readAccount(reading, row)
  if (account instanceof Fault) return account
  const moment = readMoment(reading, row)
  if (moment instanceof Fault) return moment
  const records: RecordRow[] = []
  for (const { at, name } of reading.header.indicators) {
    const count = readNumber({ column: 'count', cell: row.cells[at] }, { whole: true, limit: MOST_ACTIONS })
    if (count instanceof Fault) return new Fault({ title: name }, count.code, count.params)
    if (!count) continue
    const { day, minute } = moment
    records.push({ row: row.row, account, indicator: name, day, minute, count, attributes: {}, valid: true })
  }
  return records
}

/** Notes whom and which day a row names that is refused for another reason; nothing when either cannot be read. */
export function spareDay(spared: Map<string, Set<Day>>, reading: TableReading, row: SheetRow): void {
  const account = readAccount(reading, row)
  const moment = readMoment(reading, row)
  if (account instanceof Fault || moment instanceof Fault) return
  addPersonDay(spared, account, moment.day)
}

function readRecordId(reading: TableReading, row: SheetRow): string | undefined | Fault {
  const id = readCodeField(field(reading, row, 'recordId'))
  return id === '' ? undefined : id
}

function readAccount(reading: TableReading, row: SheetRow): string | Fault {
  const account = required(readCodeField(field(reading, row, 'account'), reading.accounts), 'account')
  if (account instanceof Fault || !isUnknown(account, reading.accounts)) return account
  return new Fault('account', 'unknown-account', { value: account })
}

function readIndicator(
  reading: TableReading,
  row: SheetRow,
  indicatorOf: (text: string) => Indicator | undefined,
): Indicator | Fault {
  const { cell } = field(reading, row, 'indicator')
  const known = typeof cell === 'string' ? indicatorOf(cell) : undefined
  if (known) return known
  const text = required(readText({ column: 'indicator', cell }), 'indicator')
  if (text instanceof Fault) return text
  const marked = indicatorOf(text)
  if (marked) return marked
  const names = reading.scheme.indicators.map(({ name }) => name)
  const suggestion = nearest(wordKey(text), names)
  return new Fault('indicator', 'unknown-indicator', {
    value: short(text),
    ...(suggestion && { nearest: suggestion }),
  })
}

function readMoment(reading: TableReading, row: SheetRow): Moment | Fault {
  const { cell } = field(reading, row, 'time')
  const value = timeValue(cell, (text) => readText({ column: 'time', cell: text }))
  if (value instanceof Fault) return value
  if (value === '' && reading.day !== undefined) return inPeriod({ day: reading.day }, reading)
  const moment =
    parseMoment(value, reading.from1904, reading.headers.dates) ?? readTwoCells(reading, row, value)
  if (!moment && value === '') return new Fault('time', 'missing')
  if (!moment) return new Fault('time', 'bad-date', { value: short(String(value)) })
  return inPeriod(moment, reading)
}

function inPeriod(moment: Moment, { scheme, today = Infinity }: TableReading): Moment | Fault {
  // A clock may be ahead, and some exports are dated to the next day.
  if (moment.day > today + 1) return new Fault('time', 'future', { value: formatDay(moment.day) })
  const { from, to } = scheme.period
  if (moment.day >= from && moment.day <= to) return moment
  return new Fault('time', 'outside-period', {
    value: formatDay(moment.day),
    from: formatDay(from),
    to: formatDay(to),
  })
}

/** A date and a time of day, which may be left out, in two columns that are both called time. */
function readTwoCells(
  reading: TableReading,
  { cells }: SheetRow,
  clock: string | number,
): Moment | undefined {
  const cell = cells[reading.header.spare.get('time') ?? -1]
  const minute = clockMinute(clock)
  if (minute === undefined && clock !== '') return undefined
  if (typeof cell !== 'string' && typeof cell !== 'number') return undefined
  const date = parseMoment(cell, reading.from1904, reading.headers.dates)
  return date && (minute === undefined ? date : { day: date.day, minute })
}

function readAttributes(
  reading: TableReading,
  row: SheetRow,
  carried: readonly Attribute[],
): Partial<Record<Attribute, number>> | Fault {
  const values: Partial<Record<Attribute, number>> = {}
  for (const attribute of carried) {
    const value = readNumber(field(reading, row, attribute), { whole: false, limit: LARGEST_ATTRIBUTE })
    if (value instanceof Fault) return value
    if (value !== undefined) values[attribute] = value
  }
  return values
}
