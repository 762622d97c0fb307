import type { BulletinSectionKey } from '@space-assistant/core/bulletins/draft'
import type { IntentOf } from '@space-assistant/core/understanding/intent'
import words from './words.json'

export { words as bulletinWords }

const settings = ['title', 'number', 'recipients', 'issuer', 'audience'] as const
export type BulletinSetting = (typeof settings)[number]
const numbered = [
  'show',
  'refresh',
  'compare',
  'submit',
  'approve',
  'publish',
  'confirm',
  'progress',
  'drop',
  'table',
] as const
export type NumberedBulletinCommand = (typeof numbered)[number]

/** What somebody wants of the bulletin command. Without a number it is the newest that is being worked on. */
export type BulletinCommand =
  | { kind: 'view' }
  | { kind: 'list' }
  | { kind: 'draft'; text: string }
  | { kind: 'edit'; section: BulletinSectionKey; text: string }
  | { kind: 'edit-what' }
  | { kind: 'set'; setting: BulletinSetting; text: string }
  | { kind: 'last'; on: boolean }
  | { kind: NumberedBulletinCommand; id?: number }
  | { kind: 'return' | 'correct' | 'schedule'; id?: number; text: string }
  | { kind: 'resend'; id?: number; unknownToo: boolean }
  | { kind: 'unknown' }

/** Understands what follows the command. */
export function parseBulletinCommand(given: string): BulletinCommand {
  // Only the words of the command are folded: what is written into a bulletin keeps its punctuation.
  const text = given.trim()
  if (!text) return { kind: 'view' }
  const [first = '', second = ''] = text.split(/\s+/)
  const is = (list: readonly string[]) => list.includes(first.normalize('NFKC'))
  const rest = text.slice(first.length).trim()
  const own = numberOf(first)
  if (own !== undefined) return { kind: 'show', id: own }
  if (is(words.list)) return { kind: 'list' }
  if (is(words.draft)) return { kind: 'draft', text: rest }
  if (is(words.edit)) return parseEdit(rest)
  if (is(words.last)) return { kind: 'last', on: !words.no.includes(rest.normalize('NFKC')) }
  const setting = settings.find((each) => is(words[each]))
  if (setting) return { kind: 'set', setting, text: rest }
  const id = numberOf(second)
  const which = id === undefined ? {} : { id }
  const tail = id === undefined ? rest : rest.slice(second.length).trim()
  for (const kind of ['return', 'correct', 'schedule'] as const) {
    if (is(words[kind])) return { kind, ...which, text: tail }
  }
  if (is(words.resend) && (!tail || words.unknown.includes(tail)))
    return { kind: 'resend', ...which, unknownToo: Boolean(tail) }
  const kind = tail ? undefined : numbered.find((each) => is(words[each]))
  return kind ? { kind, ...which } : { kind: 'unknown' }
}

function parseEdit(text: string): BulletinCommand {
  const [name = ''] = text.split(/\s+/)
  const found = Object.entries(words.sections).find(([, names]) => names.includes(name.normalize('NFKC')))
  const content = text.slice(name.length).trim()
  const section = found && sectionKeys.find((key) => key === found[0])
  return section && content ? { kind: 'edit', section, text: content } : { kind: 'edit-what' }
}

const sectionKeys: readonly BulletinSectionKey[] = [
  ...(['overall', 'ranking', 'progress', 'problems', 'demands', 'attachment'] as const),
]

function numberOf(word: string): number | undefined {
  const match = /^#?(\d{1,9})$/.exec(word.normalize('NFKC'))
  return match ? Number(match[1]) : undefined
}

/** The text of the command for a sentence. A draft is made only where the sentence orders one, else the list is shown. */
export function bulletinTextOf({ ask, number, window }: IntentOf<'bulletin'>, sentence: string): string {
  const [list = ''] = words.list
  const [draft = ''] = words.draft
  if (ask === 'show' && number !== undefined) return String(number)
  const isOrder =
    words.order.some((word) => sentence.includes(word)) &&
    !words.asking.some((word) => sentence.includes(word))
  if (ask !== 'start' || !isOrder) return list
  return window ? `${draft} ${window.from}${words.until}${window.to}` : draft
}
