import { showCode } from '@space-assistant/core/access/code-form'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { formatDay, dayOf } from '@space-assistant/core/calendar/day'
import { stringify } from 'csv-stringify/sync'
import { h } from 'koishi'
import type { Session } from 'koishi'
import type { CodeList } from './speaker'
import { accessRefusal, chooseSchool } from './talk'
import type { AccessDialogue } from './talk'
import type { Translate } from '@space-assistant/core/text/translate'
import { words } from './words'

/** Up to this many go into the text; more come as a file. */
const fitsInText = 20

const WAIT_MS = 10 * 60_000

/** Who of a school is not bound yet; new codes, which make those given out before worthless, come after a yes. */
export async function unboundOf(
  { ctx, session, say }: AccessDialogue,
  viewer: Viewer,
  text?: string,
): Promise<string> {
  if (!session.isDirect) return accessRefusal(say, { code: 'private-only', params: {} })
  const own = viewer.grants.find((each) => each.kind === 'administrator')?.school
  if (text === undefined && own === undefined) return say('.codes-which-school')
  const chosen = text === undefined ? undefined : chooseSchool({ ctx, say }, text)
  if (chosen && !chosen.ok) return accessRefusal(say, chosen)
  const code = chosen?.value.code ?? own ?? ''
  const found = await ctx.access.unbound(code, viewer)
  if (!found.ok) return accessRefusal(say, found)
  const { school, open, bound } = found.value
  if (!open.length) return say('.codes-none', { school: school.name, bound })
  const number = ctx.get('conversation')?.ask(session, {
    about: 'binding-codes',
    form: 'act',
    label: say('.codes-question', { school: school.name }),
    ms: WAIT_MS,
    expired: say('.codes-expired', { school: school.name }),
    answer: async (next, answer) => {
      const sayIn = sayOf(next)
      if (answer.kind !== 'yes') return h.text(sayIn('.codes-kept'))
      const outcome = await ctx.access.codes(code, await ctx.access.viewer(next))
      const list = outcome.ok ? codeList(sayIn, outcome.value) : accessRefusal(sayIn, outcome)
      return typeof list === 'string' ? h.text(list) : list
    },
  })
  const names = open.slice(0, shownNames).map(({ name }) => name)
  const params = { school: school.name, count: open.length, bound, number: number ?? 0 }
  return [
    say('.unbound-head', params),
    names.join(say('space-access.and')) + (open.length > names.length ? say('.unbound-more', params) : ''),
    say('.codes-ask', params),
  ].join('\n')
}

const shownNames = 30

/** Texts of the binding command where no command is under way. */
function sayOf(session: Session): Translate {
  const messages = `commands.${words.commands.bind}.messages`
  return (key, params = {}) => h.unescape(session.text(key.startsWith('.') ? messages + key : key, params))
}

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
