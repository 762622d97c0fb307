import type { Message, Ticket, TicketState, Urgency } from './ticket'

/** Who caused an event; the caller has checked that a helper belongs to support or staff. */
export type Actor = { kind: 'reporter'; id: string } | { kind: 'helper'; id: string } | { kind: 'system' }

export const eventKinds = [
  'report',
  'take',
  'answer',
  'ask-back',
  'reply',
  'change-category',
  'change-urgency',
  'merge',
  'hand-on',
  'resolve',
  'reopen',
  'rate',
  'hold',
  'warn',
  'close-by-silence',
  'join',
  'original-gone',
  'erase',
  'note',
  'retract',
  'correct',
] as const
export type EventKind = (typeof eventKinds)[number]

/** The ticket that another one is merged into, as it stands at that moment. */
export interface MergeTarget {
  number: number
  state: TicketState
  mergedInto?: number | undefined
}

/** What happens, with what it needs. `warn` and `close-by-silence` carry the version that started their timer. */
export type Deed =
  | {
      kind: 'report'
      number: number
      category: string
      urgency: Urgency
      group: string
      message: Message
    }
  | { kind: 'take' }
  | { kind: 'answer'; message: Message }
  | { kind: 'ask-back'; message: Message }
  | { kind: 'reply'; message: Message }
  | { kind: 'change-category'; category: string }
  | { kind: 'change-urgency'; urgency: Urgency }
  | { kind: 'merge'; target: MergeTarget }
  | { kind: 'hand-on'; group: string }
  | { kind: 'resolve'; reason: string; message?: Message }
  | { kind: 'reopen'; message?: Message }
  | { kind: 'rate'; stars: number }
  | { kind: 'hold' }
  | { kind: 'warn'; since: number }
  | { kind: 'close-by-silence'; since: number }
  | { kind: 'join'; reporters: readonly string[]; message?: Message }
  | { kind: 'original-gone' }
  | { kind: 'erase' }
  /** Between support's people; no reporter ever reads it. */
  | { kind: 'note'; message: Message }
  /** An answer is taken back: the version that it made, and when. */
  | { kind: 'retract'; answer: number; answeredAt: Date }
  | { kind: 'correct'; message: Message }

/** A deed with who and when. `seen` is the version that a helper looked at; a decision on an older one is refused. */
export type TicketEvent = Deed & { by: Actor; at: Date; seen?: number }

/** What a reporter is told; the locales have a sentence for each. */
export type ReporterNews =
  | 'taken'
  | 'answer'
  | 'question'
  | 'late-answer'
  | 'corrected'
  | 'handed-on'
  | 'resolved'
  | 'reopened'
  | 'merged'
  | 'joined'
  | 'closing-soon'
  | 'closed'
  | 'erased'

/** What the support group is told. */
export type SupportNews =
  | 'new'
  | 'reply'
  | 'joined'
  | 'handed-on'
  | 'handed-away'
  | 'sorted'
  | 'reopened'
  | 'self-solved'
  | 'rated'
  | 'rated-low'
  | 'held'
  | 'no-reply'
  | 'original-gone'
  | 'erased'

/**
 * What must happen besides storing the ticket. `key` (number/version/index) never occurs twice, so an effect that is
 * carried out again after a restart is recognised as the same one.
 */
export type Effect = { key: string } & EffectBody
export type EffectBody =
  | { kind: 'tell-reporter'; reporter: string; news: ReporterNews; message?: Message; params: EffectParams }
  | { kind: 'tell-support'; group: string; news: SupportNews; message?: Message; params: EffectParams }
  | { kind: 'start-timer'; timer: 'warn' | 'close'; since: number; workMinutes: number }
  | { kind: 'stop-timer'; since: number }
  /** What reporters were told by an answer is taken back where it can be; whoever may have read it is told so. */
  | { kind: 'take-back'; answer: number; reporters: readonly string[] }
  | { kind: 'erase-content' }
export type EffectParams = Record<string, string | number>

export const ticketRefusalCodes = [
  'no-such-ticket',
  'exists',
  'helpers-only',
  'reporters-only',
  'system-only',
  'not-yours',
  'changed-meanwhile',
  'already-taken',
  'not-resolved',
  'resolved',
  'closed',
  'merged',
  'erased',
  'same-category',
  'same-urgency',
  'same-group',
  'into-itself',
  'target-merged',
  'target-over',
  'reason-missing',
  'reason-unknown',
  'reason-not-yours',
  'too-late-to-reopen',
  'stars',
  'already-rated',
  'already-joined',
  'already-gone',
  'stale-timer',
  'still-live',
  'others-joined',
  'too-late-to-retract',
  'nothing-to-correct',
] as const
export type TicketRefusalCode = (typeof ticketRefusalCodes)[number]

/** `redirect` names the ticket that the same event should be tried on instead. */
export interface TicketRefusal {
  ok: false
  code: TicketRefusalCode
  params: EffectParams
  redirect?: number
}

export interface Accepted {
  ok: true
  ticket: Ticket
  effects: Effect[]
}

export type TicketDecision = Accepted | TicketRefusal
