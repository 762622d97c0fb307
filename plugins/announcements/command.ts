import words from './words.json'

export { words }

const numbered = ['pause', 'resume', 'recall', 'adopt', 'undo'] as const
const paged = ['progress', 'receipts'] as const
type Numbered = (typeof numbered)[number]

/** What somebody wants of the announcement command; the rest of a text is a new announcement. */
export type AnnouncementCommand =
  | { kind: 'view' }
  | { kind: 'at-once' | 'list' | 'draft' | 'everybody' }
  | { kind: 'audience' | 'schedule'; text: string }
  | { kind: Numbered | 'cancel' | 'confirm'; id?: number }
  | { kind: (typeof paged)[number]; id?: number; page?: number }
  /** `names`: of these groups only. */
  | { kind: 'resend'; id?: number; unknownToo: boolean; names?: string }
  | { kind: 'arrived'; id?: number; names?: string }
  | { kind: 'write' }

/** Understands what follows the command. One word of command needs nothing behind it, so that a text may begin with it. */
export function parseAnnouncementCommand(text: string): AnnouncementCommand {
  const plain = text.normalize('NFKC').trim()
  if (!plain) return { kind: 'view' }
  const [first = '', ...rest] = plain.split(/\s+/)
  const tail = rest.join(' ')
  const is = (list: readonly string[]) => list.includes(first.toLowerCase())
  // A bare number asks how that announcement stands, as with tickets.
  const asked = tail ? undefined : numberOf(first)
  if (asked !== undefined) return { kind: 'progress', id: asked }
  for (const kind of ['at-once', 'list', 'draft', 'everybody'] as const) {
    if (is(words[kind]) && !tail) return { kind }
  }
  const oneLine = !plain.includes('\n')
  for (const kind of ['audience', 'schedule'] as const) {
    if (is(words[kind]) && oneLine) return { kind, text: tail }
  }
  const id = numberOf(rest[0])
  const short = !tail || (id !== undefined && rest.length === 1)
  const more = { ...(id !== undefined && { id }) }
  if (is(words.cancel) && short) return { kind: 'cancel', ...more }
  if (is(words.confirm) && short) return { kind: 'confirm', ...more }
  const kind = numbered.find((each) => is(words[each]))
  if (kind && short) return { kind, ...more }
  for (const kind of paged) {
    const page = numberOf(rest[1]?.replace(pageMarks, ''))
    if (is(words[kind]) && (short || page !== undefined)) return { kind, ...more, ...(page && { page }) }
  }
  const named = id === undefined ? [] : rest.slice(1)
  const unknownToo = words['unknown-too'].includes(named[0] ?? '')
  const names = named.slice(Number(unknownToo)).join(' ')
  const which = { ...more, ...(names && { names }) }
  if (is(words.resend) && (short || named.length)) return { kind: 'resend', ...which, unknownToo }
  if (is(words.arrived) && (short || named.length)) return { kind: 'arrived', ...which }
  return { kind: 'write' }
}

const pageMarks = new RegExp(`[${words['page-marks']}]`, 'g')

function numberOf(word: string | undefined): number | undefined {
  const match = /^#?(\d{1,9})\D?$/.exec(word ?? '')
  return match ? Number(match[1]) : undefined
}
