import { formatMoment } from '@space-assistant/core/calendar/clock'
import type { Figures, WeeklyFigures } from '@space-assistant/core/tickets/figures'
import { writeXlsx } from 'hucre'
import type { CellValue } from 'hucre'
import type { House } from './house'
import { categoryName, reasonName } from './texts'
import type { Translate } from '@space-assistant/core/text/translate'
import type { TicketRow } from './table'

/** The figures of a window and the tickets of it as a workbook: one sheet for each view. */
export async function figuresBook(
  house: House,
  {
    figures,
    rows,
    helpers,
  }: { figures: WeeklyFigures; rows: readonly TicketRow[]; helpers: ReadonlyMap<string, string> },
): Promise<Uint8Array> {
  const { say, rules, ctx } = house
  const school = (code: string | undefined) => (code ? (ctx.roster.school(code)?.name ?? code) : '')
  const sheets: [string, readonly Figures[], (key: string | undefined) => string][] = [
    ['all', [figures.all], () => say('figures.all')],
    ['category', figures.byCategory, (key) => categoryName(rules, key ?? '')],
    ['school', figures.bySchool, school],
    ['helper', figures.byHelper, (key) => helpers.get(key ?? '') ?? ''],
  ]
  return writeXlsx({
    sheets: [
      ...sheets.map(([name, lines, nameOf]) => ({
        name: say(`book.${name}`),
        rows: [
          columns.map((column) => say(`book.column.${column}`)),
          ...lines.map((one) => cells(nameOf(one.key), one)),
        ],
      })),
      { name: say('book.tickets'), rows: ticketRows(house, say, { rows, helpers, school }) },
    ],
  })
}

const columns = [
  ...['name', 'reported', 'resolved', 'reopened', 'left', 'response', 'slowest-response'],
  ...['resolution', 'slowest-resolution', 'rating', 'ratings'],
]

function cells(name: string, one: Figures): CellValue[] {
  const round = (value: number | undefined) => (value === undefined ? null : Math.round(value * 10) / 10)
  return [
    ...[name, one.reported, one.resolved, one.reopened, one.left],
    ...[round(one.response?.median), round(one.response?.slowest)],
    ...[round(one.resolution?.median), round(one.resolution?.slowest)],
    ...[round(one.rating?.mean), one.rating?.count ?? null],
  ]
}

function ticketRows(
  { rules }: House,
  say: Translate,
  {
    rows,
    helpers,
    school,
  }: { rows: readonly TicketRow[]; helpers: ReadonlyMap<string, string>; school: (code: string) => string },
): CellValue[][] {
  const heads = [
    'number',
    'category',
    'urgency',
    'state',
    'school',
    'helper',
    'reported',
    'responded',
    'resolved',
    'reason',
    'title',
  ]
  return [
    heads.map((head) => say(`book.ticket.${head}`)),
    ...rows.map((row) => [
      ...[
        row.number,
        categoryName(rules, row.category),
        say(`urgency.${row.urgency}`),
        say(`state.${row.state}`),
      ],
      ...[school(row.school), helpers.get(row.helper) ?? ''],
      ...[row.reportedAt, row.respondedAt, row.resolvedAt].map((at) => (at ? formatMoment(at) : '')),
      ...[row.reason ? reasonName(say, rules, row.reason) : '', row.title],
    ]),
  ]
}
