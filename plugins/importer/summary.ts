import type { Translate } from '@space-assistant/core/text/translate'
import { byteLength } from '@space-assistant/core/delivery/split'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { ProblemLocale } from '@space-assistant/core/formats/problems'
import type { Problem } from '@space-assistant/core/formats/rows'
import { civilOf, dayOf, formatDay } from '@space-assistant/core/calendar/day'
import type { ImportRow, Preview } from 'koishi-plugin-space-imports'

/** So many bytes fit one message on every platform, with room for what is put around it. */
const ROOM = 1700
const SHOWN_PROBLEMS = 5

/** What a previewed file holds and would do, short enough for one message; `number` confirms it. */
export function summarize(preview: Preview, say: Translate, number: number): string {
  const { name, kind, understood, refused, covered, same } = preview
  const lines = [
    say('preview.head', { name: shorten(name), kind: say(`kind.${kind}`) }),
    say(refused ? 'preview.rows-refused' : 'preview.rows', { understood, refused }),
  ]
  if (covered.window) {
    const { from, to } = covered.window
    const params = {
      from: formatDay(from),
      to: formatDay(to),
      days: covered.days,
      accounts: covered.accounts,
    }
    lines.push(say(from === to ? 'preview.covers-day' : 'preview.covers', params))
  }
  lines.push(...unreadLines(preview, say), ...changes(preview, say))
  if (same) lines.push(say('preview.same', { id: same.id, at: shortDate(same.at) }))
  const foot = say(footOf(preview), { number })
  const room = ROOM - byteLength([...lines, foot].join('\n'))
  lines.push(...problemLines(preview.problems, say, { most: SHOWN_PROBLEMS, room, more: 'preview.more' }))
  return [...lines, foot].join('\n')
}

/** What was left aside in the file, and what follows from it. */
function unreadLines({ unread, withoutState }: Preview, say: Translate): string[] {
  const columns = unread.map(({ title, nearest }) => {
    return say(nearest === undefined ? 'preview.unread-column' : 'preview.unread-near', { title, nearest })
  })
  return [
    ...(columns.length ? [say('preview.unread', { columns: columns.join(say('preview.unread-join')) })] : []),
    ...(withoutState ? [say('preview.without-state')] : []),
  ]
}

function footOf({ understood, nothingNew }: Preview): string {
  if (understood === 0) return 'preview.none-usable'
  return nothingNew ? 'preview.nothing-new' : 'preview.foot'
}

/** The refused rows, as many as fit one message, and how many those are. */
export function listProblems(problems: readonly Problem[], say: Translate): { text: string; shown: number } {
  const lines = problemLines(problems, say, { most: 40, room: ROOM, more: 'more-problems' })
  const shown = lines.length - 1 === problems.length ? problems.length : lines.length - 2
  return { text: lines.join('\n'), shown }
}

function problemLines(
  problems: readonly Problem[],
  say: Translate,
  { most, room, more }: { most: number; room: number; more: string },
): string[] {
  if (!problems.length) return []
  const locale = say('language') as ProblemLocale
  const head = say('preview.problems')
  const lines = [head]
  let left = room - byteLength(head) - byteLength(say(more, { count: problems.length })) - 2
  for (const problem of problems.slice(0, most)) {
    const line = describeRowProblem(problem, locale)
    left -= byteLength(line) + 1
    if (left < 0) break
    lines.push(line)
  }
  const hidden = problems.length - (lines.length - 1)
  if (hidden > 0) lines.push(say(more, { count: hidden }))
  return lines
}

function changes({ change, kind }: Preview, say: Translate): string[] {
  switch (change.kind) {
    case 'roster': {
      const { schools, members } = change
      const lines = kind === 'roster' ? [say('preview.members', members)] : []
      return [...lines, say('preview.schools', schools)]
    }
    case 'records':
      return [
        say(change.replaced ? 'preview.records-replaced' : 'preview.records', change),
        ...(change.kept.days ? [say('preview.kept', change.kept)] : []),
        ...(change.beside ? [say('preview.beside', { beside: change.beside })] : []),
      ]
    case 'snapshot':
      return [say('preview.snapshot', { ...change, days: change.days.length })]
  }
}

/** One line of the history. */
export function historyLine(row: ImportRow, say: Translate): string {
  const params = {
    id: row.id,
    at: shortDate(row.at),
    kind: say(`kind.${row.kind}`),
    name: shorten(row.name),
    understood: row.understood,
    by: row.by || say('history.operator'),
  }
  return say(row.state === 'undone' ? 'history.undone' : 'history.stored', params)
}

function shortDate(at: Date): string {
  const { month, day } = civilOf(dayOf(at))
  return `${month}-${day}`
}

/** Names of files look like addresses to some platforms, so their ending is left out. */
function shorten(name: string): string {
  const bare = name.replace(/\.[a-z]{2,5}$/i, '')
  return bare.length > 40 ? `${bare.slice(0, 30)}…${bare.slice(-8)}` : bare
}
