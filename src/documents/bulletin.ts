import type { BulletinFacts, BulletinRow } from '../bulletins/facts'
import type { BulletinSection } from '../bulletins/draft'
import { civilOf, formatDay } from '../calendar/day'
import type { Day } from '../calendar/day'
import { figure } from '../text/figure'
import type { Translate } from '../text/translate'
import type { PrintedColumn, PrintedTable } from './table'
import type { TemplateValues } from './template'

/** What a bulletin's documents say beside its facts; texts are below `space-bulletins`. */
export interface BulletinPaper {
  title: string
  /** The number of the document with its year; empty for none. */
  number: string
  recipients: string
  issuer: string
  date: Day
  sections: readonly BulletinSection[]
  say: Translate
}

/** A bulletin as the values of its template. */
export function bulletinValues(facts: BulletinFacts, paper: BulletinPaper): TemplateValues {
  const { title, number, recipients, issuer, date, sections, say } = paper
  const { year, month, day } = civilOf(date)
  return {
    ...{ title, issuer, recipients },
    // A part that may be left out is a list of one or none.
    number: number ? [{ text: number }] : [],
    date: say('document.date', { year, month, day }),
    sections: sections.map(({ key, text }, i) => ({
      heading: say('document.heading', {
        number: say(`document.ordinal.${i + 1}`),
        name: say(`section.${key}`),
      }),
      paragraphs: text.split('\n').map((paragraph) => ({ text: paragraph })),
    })),
    table: tableTitle(facts, say),
    note: stampLine(facts, say),
    rows: facts.rows.map((row) => rowValues(row, say)),
  }
}

function rowValues(row: BulletinRow, say: Translate): TemplateValues {
  const show = (value: number | null) => (value === null ? '\u2014' : figure(value))
  return {
    ...{ rank: show(row.rank), school: row.name, town: row.town, score: show(row.score) },
    change: changeWords(row, say),
    activation: row.activation === null ? '\u2014' : `${figure(row.activation)}%`,
    remark: remarkOf(row, say),
  }
}

const tableColumns: readonly { key: string; width: number; kind: PrintedColumn['kind'] }[] = [
  { key: 'rank', width: 8, kind: 'center' },
  { key: 'school', width: 30, kind: 'text' },
  { key: 'town', width: 14, kind: 'text' },
  { key: 'score', width: 12, kind: 'number' },
  { key: 'change', width: 12, kind: 'center' },
  { key: 'activation', width: 12, kind: 'number' },
  { key: 'remark', width: 18, kind: 'text' },
]

/** The full table of a bulletin as a sheet. */
export function bulletinTable(
  facts: BulletinFacts,
  { title, say }: { title: string; say: Translate },
): PrintedTable {
  return {
    name: say('table.sheet'),
    title,
    lines: [stampLine(facts, say)],
    columns: tableColumns.map(({ key, width, kind }) => ({ header: say(`table.${key}`), width, kind })),
    rows: facts.rows.map((row) => [
      ...[row.rank, row.name, row.town, row.score, changeWords(row, say), row.activation],
      remarkOf(row, say),
    ]),
  }
}

function tableTitle({ stamp }: BulletinFacts, say: Translate): string {
  return say('table.title', { from: formatDay(stamp.window.from), to: formatDay(stamp.window.to) })
}

/** Data date, window and rules: stands in everything that is made from facts. */
export function stampLine({ stamp }: BulletinFacts, say: Translate): string {
  return say('stamp', {
    ...{ from: formatDay(stamp.window.from), to: formatDay(stamp.window.to), scheme: stamp.schemeName },
    ...{ until: formatDay(stamp.dataUntil), version: stamp.version },
  })
}

function changeWords({ rank, change }: BulletinRow, say: Translate): string {
  if (rank === null || change === null) return '\u2014'
  if (change === 0) return say('table.same')
  return say(change > 0 ? 'table.up' : 'table.down', { places: Math.abs(change) })
}

function remarkOf({ rank, silent }: BulletinRow, say: Translate): string {
  if (rank === null) return say('table.unranked')
  return silent ? say('table.silent') : ''
}
