import type { Actor, Deed } from '@space-assistant/core/tickets/event'
import { removeControls } from '@space-assistant/core/text/controls'
import { mask } from '@space-assistant/core/text/number-masking'
import type { Message, Urgency } from '@space-assistant/core/tickets/ticket'
import type { KeptFile } from './files'

/** What somebody wants to do with a ticket. */
export type TicketCommand =
  | { kind: 'take' | 'hold' | 'original-gone' | 'erase' }
  | { kind: 'retract' }
  | { kind: 'answer' | 'ask-back' | 'reply' | 'note' | 'correct'; text: string; files?: readonly KeptFile[] }
  | { kind: 'change-category'; category: string }
  | { kind: 'change-urgency'; urgency: Urgency }
  | { kind: 'hand-on'; group: string }
  | { kind: 'resolve'; reason: string; text?: string; files?: readonly KeptFile[] }
  | { kind: 'reopen'; text?: string }
  | { kind: 'rate'; stars: number }
  | { kind: 'warn' | 'close-by-silence'; since: number }

/** What a reporter says is masked before it is kept or leaves; support's words are for the reporter. */
export function maskedBy(wish: TicketCommand, by: Actor, from: number) {
  const text = removeControls('text' in wish ? (wish.text ?? '') : '')
  return by.kind === 'reporter' ? mask(text, from) : { text, secrets: [] }
}

/** An answer that is to be taken back. */
export interface GivenTicketAnswer {
  version: number
  at: Date
}

/** The event's own part of a wish; `text` is what may be kept, `given` what a taking back is about. */
export function deedOf(wish: TicketCommand, text: string, given?: GivenTicketAnswer): Deed {
  const attachments = 'files' in wish && wish.files ? wish.files.map(({ id }) => id) : []
  const message: Message = { text, attachments }
  const said = text || attachments.length ? { message } : {}
  switch (wish.kind) {
    case 'answer':
    case 'ask-back':
    case 'reply':
    case 'note':
    case 'correct':
      return { kind: wish.kind, message }
    case 'retract':
      return { kind: wish.kind, answer: given?.version ?? 0, answeredAt: given?.at ?? new Date(0) }
    case 'resolve':
      return { kind: wish.kind, reason: wish.reason, ...said }
    case 'reopen':
      return { kind: wish.kind, ...said }
    default:
      return wish
  }
}

/** What the history says beside the text. */
export function detailOf(wish: TicketCommand): string {
  switch (wish.kind) {
    case 'change-category':
      return wish.category
    case 'change-urgency':
      return wish.urgency
    case 'hand-on':
      return wish.group
    case 'resolve':
      return wish.reason
    case 'rate':
      return String(wish.stars)
    default:
      return ''
  }
}
