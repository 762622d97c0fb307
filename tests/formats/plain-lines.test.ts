import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDelimited } from '@space-assistant/core/formats/delimited'
import { defaultLimits } from '@space-assistant/core/formats/limits'

async function cellsOf(text: string): Promise<unknown[][]> {
  const sheet = await readDelimited(Buffer.from(text), defaultLimits)
  const rows: unknown[][] = []
  for await (const batch of sheet.rows) rows.push(...batch.map(({ cells }) => [...cells]))
  return rows
}

/** Without the empty cells at the end, as a sheet has them. */
function bare(cells: string[]): string[] {
  let width = cells.length
  while (width > 0 && cells[width - 1] === '') width--
  return cells.slice(0, width)
}

describe('text tables without quotes', () => {
  it('are split as the parser splits them, whatever the line ends', async () => {
    const part = fc.constantFrom('a', '', '王', ' ', '1.5', ',', ',', '\n', '\r\n', '\r', '\n')
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 60 }), async (parts) => {
        const text = `x,${parts.join('')}`
        const expected = parse(text, {
          relax_column_count: true,
          record_delimiter: ['\r\n', '\n', '\r'],
        })
        expect(await cellsOf(text)).toEqual(expected.map(bare))
      }),
      { numRuns: 500 },
    )
  })

  it('are split the same over the edge of a piece and before a late quote', async () => {
    const line = '42010001,资源上传,2022-03-09 08:00\r\n'
    const text = line.repeat(20_000)
    const rows = await cellsOf(`${text}"a,b",c\r\n`)
    expect(rows).toHaveLength(20_001)
    expect(new Set(rows.slice(0, -1).map((row) => row.join('|')))).toEqual(
      new Set(['42010001|资源上传|2022-03-09 08:00']),
    )
    expect(rows.at(-1)).toEqual(['a,b', 'c'])
  })
})
