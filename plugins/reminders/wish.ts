import { nudgeTopics } from '@space-assistant/core/nudges/settings'
import type { NudgeTopic } from '@space-assistant/core/nudges/settings'
import type { IntentOf } from '@space-assistant/core/understanding/intent'
import words from './words.json'

export { words }

/** What somebody wants of the reminder command. */
export type ReminderCommand =
  | { kind: 'view' | 'resume' }
  | { kind: 'switch'; on: boolean; topics: readonly NudgeTopic[] }
  | { kind: 'pause' | 'preview' | 'hold' | 'lift'; day: string }
  | { kind: 'unknown'; given: string }

/** Understands what follows the reminder command, with spaces or without. */
export function parseReminderCommand(text: string): ReminderCommand {
  const given = text.normalize('NFKC').trim()
  if (!given) return { kind: 'view' }
  for (const kind of ['hold', 'lift', 'pause', 'preview'] as const) {
    const word = beginning(given, words[kind])
    if (word !== undefined) return { kind, day: given.slice(word.length).trim() }
  }
  if (words.resume.includes(given)) return { kind: 'resume' }
  return parseSwitch(given) ?? { kind: 'unknown', given: Array.from(given).slice(0, 12).join('') }
}

/** A word for on or off and one for a topic, in any order; without a topic both are meant. */
function parseSwitch(given: string): ReminderCommand | undefined {
  let rest = given.replace(/\s+/g, '')
  const topics: NudgeTopic[] = []
  let on: boolean | undefined
  while (rest) {
    const topic = nudgeTopics.find((each) => beginning(rest, words[each]) !== undefined)
    const lists = topic ? [words[topic]] : [words.on, words.off, words.all]
    const list = lists.find((each) => beginning(rest, each) !== undefined)
    const word = list && beginning(rest, list)
    if (!word) return
    if (topic) topics.push(topic)
    if (list === words.on) on = true
    if (list === words.off) on = false
    rest = rest.slice(word.length)
  }
  if (on === undefined) return
  return { kind: 'switch', on, topics: topics.length ? topics : nudgeTopics }
}

/** Longer words stand first in the lists. */
function beginning(text: string, list: readonly string[]): string | undefined {
  return list.find((word) => text.startsWith(word))
}

/** The text of the command for what was asked in a sentence; without a day nothing is put off. */
export function reminderTextOf({ ask, until }: IntentOf<'remind'>): string {
  const [on = '', off = '', pause = ''] = [words.on[0], words.off[0], words.pause[0]]
  if (ask === 'on') return on
  if (ask === 'off') return off
  return ask === 'until' ? `${pause} ${until ?? ''}` : ''
}
