import { formatDay, dayOf } from '@space-assistant/core/calendar/day'
import { stringify } from 'csv-stringify/sync'
import { h } from 'koishi'
import { showCode } from './secret'
import type { CodeList } from './speaker'
import type { Translate } from '@space-assistant/core/text/translate'
import { words } from './words'

/** Up to this many go into the text; more come as a file. */
const fitsInText = 20

/** A school's codes as text, or as a csv file that a spreadsheet opens. */
export function codeList(say: Translate, list: CodeList): string | h[] {
  const { school, rows, bound, expiresAt } = list
  if (!rows.length) return say('.codes-none', { school: school.name, bound })
  const until = formatDay(dayOf(expiresAt))
  const head = say('.codes-head', { school: school.name, count: rows.length, bound, until })
  if (rows.length <= fitsInText) {
    const lines = rows.map(({ name, account, code }) => {
      const alone = rows.filter((other) => other.name === name).length === 1
      const who = alone ? name : say('.namesake', { name, account: account.slice(-4) })
      return `${who} ${showCode(code)}`
    })
    return [head, ...lines, say('.codes-foot')].join('\n')
  }
  const file = h.file(Buffer.from(csvOf(list, until)), 'text/csv', { title: `${school.name}.csv` })
  return [h.text(`${head}\n${say('.codes-foot')}`), file]
}

function csvOf({ rows }: CodeList, until: string): string {
  const { name, account, code, expires } = words.csv
  const table = [
    [name, account, code, expires],
    ...rows.map((row) => [row.name, row.account, showCode(row.code), until]),
  ]
  return stringify(table, { bom: true, escape_formulas: true, record_delimiter: 'windows' })
}
