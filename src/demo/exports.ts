import { formatMinute } from '../calendar/clock'
import { utils, write } from '@e965/xlsx'
import { writeXlsx } from 'hucre'
import type { CellValue } from 'hucre'
import type { Day } from '../calendar/day'
import { civilOf, formatDay } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { FileKind } from '../formats/rows'
import { attributes } from '../scheme/scheme'
import type { DayOfActions } from './activity'
import { activity, NO_VALUE, testedAttribute } from './activity'
import { rosterCells, schoolCells, schoolsByCode } from './csv'
import type { DemoDistrict } from './district'
import { encodeGbk } from '../text/gbk'
import words from './words.json'
import { present } from '../text/present'

/** An export as people bring it, with the number of its rows that an importer has to refuse. */
export interface DemoFile {
  name: string
  kind: FileKind
  bytes: Uint8Array
  refused: number
}

type Row = CellValue[]

/**
 * The roster as an .xlsx: title and note above the header, blank rows, spaces in names, full-width digits in
 * school codes, a totals row, and two accounts that Excel has ruined.
 */
export async function rosterExport(district: DemoDistrict): Promise<DemoFile> {
  const schools = schoolsByCode(district)
  const rows = district.members.flatMap((member, index): Row[] => {
    const cells: Row = rosterCells(member, schools)
    if (index % 9 === 4) cells[4] = spaced(member.name)
    if (index % 11 === 5) cells[0] = fullWidth(member.school)
    if (index % 13 === 6) cells[1] = `${String(cells[1])}\u3000`
    return index % 60 === 59 ? [cells, []] : [cells]
  })
  const school = rosterCells(present(district.members[0], 'a member of the demo'), schools).slice(0, 4)
  const tail = [words.roles.teacher, words.states.active, '', words.yes]
  rows.push([...school, words.wrong.ruinedName, '1.23457E+17', ...tail])
  rows.push([...school, words.wrong.ruinedName, 123_456_789_012_345_680, ...tail])
  rows.push([words.titles.total, ...Array<null>(4).fill(null), district.members.length])
  const bytes = await workbook(words.titles.roster, words.columns.roster, rows)
  return { name: words.files.roster, kind: 'roster', bytes, refused: 2 }
}

/** The schools as a .csv in GBK with a title line and a totals row. */
export function schoolsExport(district: DemoDistrict): DemoFile {
  const width = words.columns.schools.length
  const students = district.schools.reduce((sum, school) => sum + (school.students ?? 0), 0)
  const lines = [
    [words.titles.schools, ...Array<string>(width - 1).fill('')],
    words.columns.schools,
    ...district.schools.map((school, index) =>
      schoolCells(school).map((cell, column) => (column === 4 && index % 4 === 1 ? fullWidth(cell) : cell)),
    ),
    [words.titles.total, '', '', '', String(students), '', ''],
  ]
  const text = lines.map((cells) => cells.join(',') + '\r\n').join('')
  return { name: words.files.schools, kind: 'schools', bytes: encodeGbk(text), refused: 0 }
}

export interface Excerpt {
  window: Window
  /** Codes of the schools whose members' records are in the file. */
  schools: readonly string[]
}

/**
 * All records of some schools and days as an .xlsx without record ids, so that it states those days: dates in
 * every form, counts in full-width digits, and five rows that have to be refused.
 */
export async function recordsExport(district: DemoDistrict, scheme: Scheme, of: Excerpt): Promise<DemoFile> {
  const rows = excerpt(district, scheme, of).map(({ actions, at }, index): Row => {
    const { count, minute, account, indicator } = actionAt(actions, at, { district, scheme })
    const write = present(dateForms[index % dateForms.length], 'a form of dates')
    return [
      account,
      indicator.name,
      write(actions.day, minute),
      index % 7 === 3 ? fullWidth(String(count)) : count,
      ...attributeCells(scheme, actions, at),
    ]
  })
  const [account = '', indicator = '', time = ''] = present(rows[0], 'a record of the demo')
  const { wrong, titles, columns } = words
  rows.splice(3, 0, [account, wrong.indicator, time, 1], [wrong.account, indicator, time, 1])
  rows.splice(8, 0, [], [1_234, indicator, time, 1], [account, indicator, time, -1])
  rows.push([account, indicator, '2019-02-30', 1])
  rows.push([titles.total, null, null, rows.length - 1])
  const bytes = await workbook(titles.records, columns.recordsWithoutId, rows)
  return { name: words.files.records, kind: 'records', bytes, refused: 5 }
}

/** The same records with ids, as an .xls of Excel 97. */
export function oldRecordsExport(district: DemoDistrict, scheme: Scheme, of: Excerpt): DemoFile {
  const rows = excerpt(district, scheme, of).map(({ actions, at }): Row => {
    const { account, indicator, minute, count } = actionAt(actions, at, { district, scheme })
    const time = new Date(actions.day * MS_PER_DAY + minute * 60_000)
    return [
      account,
      indicator.name,
      time,
      count,
      recordId(actions.day, at),
      ...attributeCells(scheme, actions, at),
    ]
  })
  const book = utils.book_new()
  const sheet = utils.aoa_to_sheet([[words.titles.records], words.columns.records, ...rows], { UTC: true })
  utils.book_append_sheet(book, sheet, words.titles.sheet)
  const bytes = new Uint8Array(write(book, { type: 'array', bookType: 'biff8' }) as ArrayBuffer)
  return { name: words.files.oldRecords, kind: 'records', bytes, refused: 0 }
}

/**
 * The platform's own scores on a day as an .xlsx. `points` gives a member's points by indicator name; members
 * without any are left out.
 */
export async function snapshotExport(
  district: DemoDistrict,
  scheme: Scheme,
  day: Day,
  points: (account: string) => Record<string, number> | undefined,
): Promise<DemoFile> {
  const names = scheme.indicators.filter(({ role }) => role !== 'student').map(({ name }) => name)
  const rows = district.members.flatMap(({ account, name }): Row[] => {
    const own = points(account)
    if (!own) return []
    const total = Object.values(own).reduce((sum, value) => sum + value, 0)
    return [[account, name, formatDay(day), total, ...names.map((indicator) => own[indicator] ?? 0)]]
  })
  const bytes = await workbook(words.titles.snapshot, [...words.columns.snapshot, ...names], rows)
  return { name: words.files.snapshot, kind: 'snapshot', bytes, refused: 0 }
}

/** The id that the demo gives to the record at a place of a day; recordsCsv writes the same. */
export function recordId(day: Day, at: number): string {
  return formatDay(day).replaceAll('-', '').slice(2) + String(at + 1).padStart(6, '0')
}

const MS_PER_DAY = 86_400_000
/** Excel counts days from 1899-12-30. */
const EXCEL_EPOCH = 25_569

const dateForms: ((day: Day, minute: number) => CellValue)[] = [
  (day, minute) => `${formatDay(day)} ${formatMinute(minute)}`,
  (day) => {
    const { year, month, day: date } = civilOf(day)
    return `${year}/${month}/${date}`
  },
  (day) => {
    const { year, month, day: date } = civilOf(day)
    return words.dates.chinese
      .replace('{y}', String(year))
      .replace('{m}', String(month))
      .replace('{d}', String(date))
  },
  (day, minute) => new Date(day * MS_PER_DAY + minute * 60_000),
  (day) => day + EXCEL_EPOCH,
]

function excerpt(district: DemoDistrict, scheme: Scheme, { window, schools }: Excerpt) {
  const rows: { actions: DayOfActions; at: number }[] = []
  for (const actions of activity(district, scheme, { window })) {
    for (let at = 0; at < actions.length; at++) {
      const { school } = actionAt(actions, at, { district, scheme })
      if (schools.includes(school)) rows.push({ actions, at })
    }
  }
  return rows
}

/** One action of a day's columns, with whose it is. */
function actionAt(
  { member, indicator, minute, count }: DayOfActions,
  at: number,
  { district, scheme }: { district: DemoDistrict; scheme: Scheme },
) {
  const { account, school } = present(district.members[member[at] ?? -1], 'the member of an action')
  return {
    account,
    school,
    indicator: present(scheme.indicators[indicator[at] ?? -1], 'the indicator of an action'),
    minute: minute[at] ?? 0,
    count: count[at] ?? 0,
  }
}

function attributeCells({ indicators }: Scheme, actions: DayOfActions, at: number): CellValue[] {
  const tested = testedAttribute(
    present(indicators[actions.indicator[at] ?? -1], 'the indicator of an action'),
  )
  const value = actions.value[at] ?? NO_VALUE
  return attributes.map((attribute) => (attribute === tested && value !== NO_VALUE ? value : null))
}

async function workbook(title: string, header: string[], rows: Row[]): Promise<Uint8Array> {
  const above: Row[] = [[title], [words.titles.note]]
  const last = above.length + rows.length
  return writeXlsx({
    // Else the library writes the time of now, and the same district would be another file each time.
    properties: { modified: new Date(0) },
    sheets: [
      {
        name: words.titles.sheet,
        rows: [...above, header, ...rows],
        merges: [
          { startRow: 0, startCol: 0, endRow: 0, endCol: header.length - 1 },
          { startRow: 1, startCol: 0, endRow: 1, endCol: header.length - 1 },
          ...(rows.at(-1)?.[0] === words.titles.total
            ? [{ startRow: last, startCol: 0, endRow: last, endCol: 1 }]
            : []),
        ],
      },
    ],
  })
}

function spaced(name: string): string {
  return [...name].join(' ')
}

function fullWidth(digits: string): string {
  return digits.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
}
