import type { ErrorVerdict } from './error'
import type { MessageState } from './message'

/** How the taking back of a message stands: `asked` waits for its turn, `begun` may have happened; the rest are ends. */
export const recallStates = [
  'asked',
  'begun',
  'done',
  'partly', // the texts are gone, something that the platform gave no id is still there
  'late',
  'refused',
  'unsupported',
  'joined', // it went out in one message with others, which would be gone too
  'unknown',
] as const
export type RecallState = (typeof recallStates)[number]

/** A message as far as its taking back is concerned. Times are milliseconds since 1970. */
export interface RecallableMessage {
  platform: string
  state: MessageState
  /** The platform's ids; an empty one for a part that it gave none. */
  messages: readonly string[]
  settledAt: number
}

/** https://bot.q.qq.com/wiki/develop/api-v2/server-inter/message/send-receive/reset.html */
const QQ_MS = 120_000

const without = new Set(['wecom', 'wecom-webhook'])

/** Whether a message that has arrived can be taken back at all, as far as is known beforehand. */
export function mayRecall(
  { platform, messages, settledAt }: RecallableMessage,
  now: number,
): 'yes' | 'late' | 'unsupported' {
  if (without.has(platform) || !messages.some(Boolean)) return 'unsupported'
  return platform === 'qq' && now - settledAt >= QQ_MS ? 'late' : 'yes'
}

export type RecallStep =
  /** It is on its way: what becomes of it decides. */
  | { kind: 'wait' }
  /** It was never shown, and is not to be. */
  | { kind: 'forget' }
  | { kind: 'try' }
  | { kind: 'end'; state: RecallState }

/** What to do with a message that is to be taken back; `open`: an earlier attempt may have taken it back. */
export function nextRecallStep(
  message: RecallableMessage,
  { now, open, joined }: { now: number; open: boolean; joined: boolean },
): RecallStep {
  if (message.state === 'leased') return { kind: 'wait' }
  if (message.state === 'unknown') return { kind: 'end', state: 'unknown' }
  if (message.state !== 'sent') return { kind: 'forget' }
  const may = mayRecall(message, now)
  if (may !== 'yes') return { kind: 'end', state: open ? 'unknown' : may }
  return joined ? { kind: 'end', state: 'joined' } : { kind: 'try' }
}

export const MAX_RECALL_ATTEMPTS = 4
const PAUSE_MS = 2_000

/** How an attempt ended: with an end, or to be repeated at `notBefore`; taking back twice does no harm. */
export function afterRecall(
  message: RecallableMessage,
  result: { ok: true } | ({ ok: false } & ErrorVerdict),
  { now, open, attempts }: { now: number; open: boolean; attempts: number },
): { state: RecallState; attempts: number; notBefore: number } {
  const made = attempts + 1
  const end = (state: RecallState) => ({ state, attempts: made, notBefore: 0 })
  if (result.ok) return end(message.messages.every(Boolean) ? 'done' : 'partly')
  const doubtful = open || result.outcome === 'unknown'
  const passing = result.outcome === 'unknown' || ['network', 'rate', 'auth'].includes(result.class)
  if (passing && made < MAX_RECALL_ATTEMPTS) {
    return { state: doubtful ? 'begun' : 'asked', attempts: made, notBefore: now + PAUSE_MS * made }
  }
  return end(doubtful ? 'unknown' : 'refused')
}
