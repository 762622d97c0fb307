import { civilOf } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import type { Member, School } from '../roster/member'
import { attributes } from '../scheme/scheme'
import type { ActivityOptions, DayOfActions } from './activity'
import { activity, NO_VALUE, testedAttribute } from './activity'
import type { DemoDistrict } from './district'
import words from './words.json'

export interface RecordsOptions extends ActivityOptions {
  /** With the column of record ids (default) the file adds; without it states whole days. */
  ids?: boolean
  /** Stop after so many rows. */
  limit?: number
}

/** A roster as CSV text (UTF-8, header first), in chunks of whole lines. */
export function* rosterCsv(
  district: DemoDistrict,
  members: readonly Member[] = district.members,
): Generator<string> {
  const schools = schoolsByCode(district)
  yield* chunks(lines(words.columns.roster, members, (member) => rosterCells(member, schools)))
}

/** The schools with their student counts as CSV text, in chunks of whole lines. */
export function* schoolsCsv({ schools }: DemoDistrict): Generator<string> {
  yield* chunks(lines(words.columns.schools, schools, schoolCells))
}

/**
 * The records of a window as CSV text in order of time, in chunks of whole lines. At size 42 and a whole year
 * about 10 million rows of 62 bytes.
 */
export function* recordsCsv(
  district: DemoDistrict,
  scheme: Scheme,
  { ids = true, limit = Infinity, ...options }: RecordsOptions = {},
): Generator<string> {
  const write = recordWriter(district, scheme, ids)
  let left = limit
  yield (ids ? words.columns.records : words.columns.recordsWithoutId).join(',') + '\n'
  for (const actions of activity(district, scheme, options)) {
    if (left <= 0) return
    const length = Math.min(actions.length, left)
    for (let from = 0; from < length; from += 1024) yield write(actions, from, Math.min(length, from + 1024))
    left -= length
  }
}

/** The cells of a member in the order of the roster's columns. */
export function rosterCells(member: Member, schools: ReadonlyMap<string, School>): string[] {
  const school = schools.get(member.school)
  const [first, second] = member.roles
  return [
    member.school,
    school?.name ?? '',
    school?.town ?? '',
    school?.stage ?? '',
    member.name,
    member.account,
    second ? words.roles.both : words.roles[first ?? 'teacher'],
    words.states[member.state],
    member.subject ?? '',
    member.opened ? words.yes : words.no,
  ]
}

/** The cells of a school in the order of the schools file's columns. */
export function schoolCells(school: School): string[] {
  const { code, name, town, stage, students, studentsOpened, studentsTookPart } = school
  return [code, name, town ?? '', stage ?? '', ...[students, studentsOpened, studentsTookPart].map(String)]
}

/** Schools by code. */
export function schoolsByCode({ schools }: DemoDistrict): Map<string, School> {
  return new Map(schools.map((school) => [school.code, school]))
}

function* lines<T>(header: string[], rows: Iterable<T>, cells: (row: T) => string[]): Generator<string> {
  yield header.join(',') + '\n'
  for (const row of rows) yield cells(row).join(',') + '\n'
}

function* chunks(parts: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const part of parts) {
    chunk += part
    if (chunk.length < 65_536) continue
    yield chunk
    chunk = ''
  }
  if (chunk) yield chunk
}

function recordWriter({ members }: DemoDistrict, { indicators }: Scheme, ids: boolean) {
  const accounts = members.map(({ account }) => account + ',')
  const names = indicators.map(({ name }) => name + ',')
  const places = indicators.map((indicator) => attributes.indexOf(testedAttribute(indicator) ?? 'minutes'))
  const commas = attributes.map((_, place) => ','.repeat(place + 1))
  const times = Array.from({ length: 1440 }, (_, minute) => {
    const hour = Math.floor(minute / 60)
    return ` ${two(hour)}:${two(minute % 60)},`
  })
  return (actions: DayOfActions, from: number, to: number): string => {
    const { year, month, day } = civilOf(actions.day)
    const date = `${year}-${two(month)}-${two(day)}`
    const serial = `${two(year % 100)}${two(month)}${two(day)}`
    let text = ''
    for (let at = from; at < to; at++) {
      const kind = actions.indicator[at]!
      const value = actions.value[at]!
      const place = places[kind]!
      text +=
        accounts[actions.member[at]!]! +
        names[kind]! +
        date +
        times[actions.minute[at]!]! +
        actions.count[at]!
      if (ids) text += ',' + serial + String(at + 1).padStart(6, '0')
      text +=
        value === NO_VALUE ? commas[5]! : commas[place]! + value + ','.repeat(attributes.length - 1 - place)
      text += '\n'
    }
    return text
  }
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
