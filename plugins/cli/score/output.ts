import { figure } from '@space-assistant/core/text/figure'
import { closeSync, openSync, writeSync } from 'node:fs'
import type { Format } from './arguments'
import type { MemberPlace, ScoreReport, SchoolEntry } from './report'
import { fillScoreText, reasonOf, ScoreRefusal, refuseScore, words } from './words'

const CHUNK = 1 << 18
const SHOWN_PROBLEMS = 20
const PLACES_OF_TABLE = 10_000

/** Writes the report to a file or to standard output. */
export function writeReport(report: ScoreReport, format: Format, out: string | undefined): void {
  const sink = new Sink(out)
  try {
    for (const piece of piecesOf(report, format)) sink.write(piece)
    sink.flush()
  } catch (error) {
    // Whoever reads the output may stop early (`| head`).
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return
    throw new ScoreRefusal(
      fillScoreText(words.unwritable, { file: out ?? '-', reason: reasonOf(error) }),
      refuseScore,
    )
  } finally {
    sink.close()
  }
}

function piecesOf(report: ScoreReport, format: Format): Iterable<string> {
  switch (format) {
    case 'json':
      return json(report)
    case 'csv':
      return csv(report)
    case 'table':
      return table(report)
  }
}

/** The first problems as sentences, for the formats that have no place for them. */
export function problemLines({ problems }: ScoreReport): string[] {
  const lines: string[] = []
  let count = 0
  for (const { file, message } of problems) {
    if (++count <= SHOWN_PROBLEMS) lines.push(fillScoreText(words.problem, { file, problem: message }))
  }
  if (count > SHOWN_PROBLEMS)
    lines.push(fillScoreText(words['more-problems'], { count: count - SHOWN_PROBLEMS }))
  return lines
}

class Sink {
  readonly #file: number
  #text = ''

  constructor(out: string | undefined) {
    try {
      this.#file = out === undefined ? 1 : openSync(out, 'w')
    } catch (error) {
      throw new ScoreRefusal(
        fillScoreText(words.unwritable, { file: out ?? '-', reason: reasonOf(error, 'folder') }),
        refuseScore,
      )
    }
  }

  write(piece: string): void {
    this.#text += piece
    if (this.#text.length > CHUNK) this.flush()
  }

  flush(): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    for (let at = 0; at < bytes.length;) at += this.#writeSome(bytes, at)
  }

  close(): void {
    if (this.#file !== 1) closeSync(this.#file)
  }

  /** A pipe that is full for the moment says EAGAIN. */
  #writeSome(bytes: Uint8Array, at: number): number {
    try {
      return writeSync(this.#file, bytes, at)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      return 0
    }
  }
}

function* json(report: ScoreReport): Generator<string> {
  yield `{\n"scheme": ${JSON.stringify(report.scheme)},\n"window": ${JSON.stringify(report.window)}`
  const names = report.indicators.map((name) => `${quoted(name)}:`)
  for (const list of ['teachers', 'administrators'] as const) {
    yield* jsonList(list, report[list], (entry) => memberJson(entry, names))
  }
  for (const list of ['schools', 'problems'] as const) {
    yield* jsonList<object>(list, report[list], (entry) => JSON.stringify(entry))
  }
  yield '\n}\n'
}

function* jsonList<T>(
  name: string,
  entries: Iterable<T>,
  entryText: (entry: T) => string,
): Generator<string> {
  yield `,\n"${name}": [`
  let separator = '\n'
  for (const entry of entries) {
    yield separator + entryText(entry)
    separator = ',\n'
  }
  yield '\n]'
}

/** Put together by hand: an object with other keys for each member takes several times as long to make and to write. */
function memberJson(
  { account, name, school, points, rank, indicators }: MemberPlace,
  names: string[],
): string {
  let scored = ''
  for (const [at, name] of names.entries()) {
    const value = indicators[at] ?? 0
    if (value !== 0) scored += scored === '' ? `${name}${value}` : `,${name}${value}`
  }
  return `{"account":${quoted(account)},"name":${quoted(name)},"school":${quoted(school)},"points":${points},"rank":${rank},"indicators":{${scored}}}`
}

function quoted(text: string): string {
  return /["\\\u0000-\u001f\ud800-\udfff]/.test(text) ? JSON.stringify(text) : `"${text}"`
}

function* csv(report: ScoreReport): Generator<string> {
  const { column, list } = words
  const entries = [...rows(report)]
  // In the order in which they come up.
  const scored = [
    ...new Set(entries.flatMap(({ indicators }) => indicators.flatMap((value, at) => (value ? [at] : [])))),
  ]
  const fixed = ['kind', 'rank', 'code', 'name', 'school', 'town', 'stage', 'score', 'members'] as const
  yield `\ufeff${[...fixed.map((key) => column[key]), ...scored.map((at) => report.indicators[at] ?? '')].map(csvCell).join(',')}\r\n`
  for (const row of entries) {
    const values = fixed.map((key) => (key === 'kind' ? list[row.kind] : row[key]))
    const cells = [...values, ...scored.map((at) => row.indicators[at] || null)]
    yield `${cells.map(csvCell).join(',')}\r\n`
  }
}

interface Row {
  kind: 'schools' | 'teachers' | 'administrators'
  rank: number | null
  code: string
  name: string
  school: string
  town: string | null
  stage: string | null
  score: number | null
  members: number | null
  indicators: readonly number[]
}

function* rows({ schools, teachers, administrators }: ScoreReport): Generator<Row> {
  const known = new Map<string, SchoolEntry>()
  for (const entry of schools) {
    known.set(entry.code, entry)
    yield { kind: 'schools', ...entry, school: entry.name, indicators: [] }
  }
  const member = (kind: Row['kind'], { account, points, school, ...rest }: MemberPlace): Row => {
    const { name = school, town = null, stage = null } = known.get(school) ?? {}
    return { kind, ...rest, code: account, score: points, school: name, town, stage, members: null }
  }
  for (const entry of teachers) yield member('teachers', entry)
  for (const entry of administrators) yield member('administrators', entry)
}

/** A cell that a spreadsheet would take for a formula is kept as text. */
function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function* table(report: ScoreReport): Generator<string> {
  const { column, list } = words
  yield `${fillScoreText(words.window, { scheme: report.scheme, ...report.window })}\n`
  let kind: Row['kind'] | undefined
  let left = PLACES_OF_TABLE
  for (const row of rows(report)) {
    if (row.kind !== kind) {
      kind = row.kind
      left = PLACES_OF_TABLE
      yield `\n${list[kind]}\n${line([column.rank, column.code, column.name, column.school, column.score])}`
    }
    if (left-- <= 0) continue
    const score = row.score === null ? words.unranked : figure(row.score)
    yield line([String(row.rank ?? '-'), row.code, row.name, row.school, score])
  }
}

const widths = [6, 20, 20, 28, 0]

function line(cells: string[]): string {
  return `${cells
    .map((cell, index) => cell + ' '.repeat(Math.max((widths[index] ?? 0) - widthOf(cell), 1)))
    .join('')
    .trimEnd()}\n`
}

/** Columns that a text takes in a terminal: two for each wide character. */
function widthOf(text: string): number {
  let width = 0
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1
  return width
}
