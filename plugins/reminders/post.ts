import { createHash } from 'node:crypto'
import { refKey } from '@space-assistant/core/delivery/channel'
import { subjectKey } from '@space-assistant/core/nudges/nudge'
import type { Nudge } from '@space-assistant/core/nudges/nudge'
import type { Occasion } from '@space-assistant/core/nudges/occasion'
import { h } from 'koishi'
import type { NewMessage } from 'koishi-plugin-space-outbox'
import type { ReminderAddress } from './directory'
import type { PlacedBatch } from './placed'
import type { Renderer } from './render'

/** What one chat is told: one message, however many things there are to say. */
interface Bundle {
  mailbox: ReminderAddress
  nudges: Nudge[]
}

/** Makes messages of verdicts that come in batches, in the order of the candidates. */
export class ReminderPost {
  written = 0
  /** Members who have an office too hear of both at once: what is theirs waits until the offices have been decided. */
  private readonly waiting = new Map<string, Bundle>()

  constructor(
    private readonly occasions: readonly Occasion[],
    private readonly renderer: Renderer,
  ) {}

  /** The messages of a batch, and how many of each occasion's nudges were told and how many candidates were not. */
  take({ placed, isLast, officeChats }: PlacedBatch) {
    const bundles = new Map<string, Bundle>()
    const counts = new Map<string, { told: number; silent: number }>()
    for (const each of placed) {
      const known = counts.get(each.occasion.key) ?? { told: 0, silent: 0 }
      counts.set(each.occasion.key, known)
      if (!('nudge' in each) || !each.mailbox) {
        known.silent++
        continue
      }
      known.told++
      const { nudge, mailbox } = each
      const chat = refKey(mailbox.to)
      const into = officeChats.has(chat) ? this.waiting : bundles
      const bundle = into.get(chat) ?? { mailbox, nudges: [] }
      into.set(chat, bundle)
      bundle.nudges.push(nudge)
    }
    const ready = [...bundles.values(), ...(isLast ? this.waiting.values() : [])]
    const messages = ready.map((bundle) => this.messageOf(bundle))
    this.written += messages.length
    return { messages, steps: (key: string) => counts.get(key) ?? { told: 0, silent: 0 } }
  }

  /** The key is the same whatever is left to say, so that a planning that is taken up again says nothing twice. */
  private messageOf({ mailbox, nudges }: Bundle): NewMessage {
    const { to, alternatives, place } = mailbox
    const [first] = nudges
    const [occasion] = this.occasions
    if (!first || !occasion) throw new Error('a reminder without anything to say')
    const what = this.occasions.map(({ key }) => key).join('+')
    const whom = subjectKey(first.subject).replace(/^office:(?=member:)/, '')
    return {
      key: shorten(`nudge/${what}/${whom}`, 190),
      target: to,
      alternatives,
      kind: 'nudge',
      batch: reminderBatch(occasion),
      content: h.escape(this.renderer.together(nudges, place)),
      priority: 'nudge',
      notBefore: occasion.due,
      expiresAt: occasion.expires,
    }
  }
}

/** The batch under which the outbox keeps the messages of an occasion. */
export function reminderBatch(occasion: Occasion): string {
  return shorten(occasion.key, 100)
}

/** Long names are cut and told apart by a hash. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 24)
  return `${text.slice(0, max - 25)}#${hash}`
}
