import { writeXlsx } from 'hucre'
import type { Cell, CellStyle, CellValue, ColumnDef, WriteSheet } from 'hucre'

/** A column of a table that people print: how wide in characters, and whether it holds text or numbers. */
export interface PrintedColumn {
  header: string
  width: number
  kind: 'text' | 'number' | 'center'
}

/** A table with a title above it; every text stays text, whatever it begins with. */
export interface PrintedTable {
  /** Name of the sheet, 31 characters at most. */
  name: string
  title: string
  /** Lines below the title: data date, who exported it. */
  lines: readonly string[]
  columns: readonly PrintedColumn[]
  rows: readonly (readonly CellValue[])[]
  /** Lies on its side where there are many columns. */
  landscape?: boolean
}

const fonts = { title: 16, body: 11 } as const
const line = { style: 'thin', color: { rgb: 'B7C3D0' } } as const
const border = { top: line, right: line, bottom: line, left: line }
const middle = { vertical: 'center' } as const

const titleStyle: CellStyle = {
  ...{ font: { bold: true, size: fonts.title }, alignment: { horizontal: 'center', ...middle } },
}
const lineStyle: CellStyle = { font: { size: 10, color: { rgb: '566575' } }, alignment: { ...middle } }
const headStyle: CellStyle = {
  font: { bold: true, size: fonts.body, color: { rgb: 'FFFFFF' } },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '17406F' } },
  alignment: { horizontal: 'center', ...middle, wrapText: true },
  border,
}
const bodyStyles: Record<PrintedColumn['kind'], CellStyle> = {
  text: { font: { size: fonts.body }, alignment: { ...middle }, border, numFmt: '@' },
  number: { font: { size: fonts.body }, alignment: { horizontal: 'right', ...middle }, border },
  center: { font: { size: fonts.body }, alignment: { horizontal: 'center', ...middle }, border },
}

/** Tables as one workbook: styled, with a header that stays in sight and is repeated on every printed page. */
export function writeTables(tables: readonly PrintedTable[]): Promise<Uint8Array> {
  return writeXlsx({ sheets: tables.map(sheetOf) })
}

function sheetOf(table: PrintedTable): WriteSheet {
  const { name, title, lines, columns, rows, landscape = columns.length > 8 } = table
  const above = 1 + lines.length
  const last = columns.length - 1
  const cells = new Map<string, Partial<Cell>>()
  cells.set('0,0', { style: titleStyle })
  for (let row = 1; row < above; row++) cells.set(`${row},0`, { style: lineStyle })
  for (let column = 0; column <= last; column++) cells.set(`${above},${column}`, { style: headStyle })
  return {
    name: sheetName(name),
    rows: [
      [title],
      ...lines.map((text) => [text]),
      columns.map(({ header }) => header),
      ...rows.map((row) => [...row]),
    ],
    columns: columns.map(({ width, kind }): ColumnDef => ({ width, style: bodyStyles[kind] })),
    cells,
    merges: Array.from({ length: last > 0 ? above : 0 }, (_, row) => {
      return { startRow: row, startCol: 0, endRow: row, endCol: last }
    }),
    freezePane: { rows: above + 1 },
    rowDefs: new Map([
      [0, { height: 30 }],
      [above, { height: 24 }],
    ]),
    pageSetup: {
      ...{ paperSize: 'a4', orientation: landscape ? 'landscape' : 'portrait' },
      ...{ fitToPage: true, fitToWidth: 1, fitToHeight: 0, horizontalCentered: true },
      printTitlesRow: `$1:$${above + 1}`,
      margins: { top: 0.6, bottom: 0.6, left: 0.5, right: 0.5, header: 0.3, footer: 0.3 },
    },
    headerFooter: { oddFooter: '&C\u2014 &P \u2014' },
  }
}

/** Excel takes 31 characters and none of these signs. */
function sheetName(name: string): string {
  return (
    Array.from(name.replace(/[[\]:*?/\\']/g, ' '))
      .slice(0, 31)
      .join('')
      .trim() || 'Sheet1'
  )
}
