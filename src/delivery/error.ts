/** What a failed send means for what to do next; every platform's codes are mapped onto these. */
export const failureClasses = [
  'context-expired', // the message that is answered is too old or used up: try another one, or none
  'no-permission', // the bot may not speak first here
  'rate',
  'duplicate', // the platform has had this very message already
  'audit', // accepted, shown once the platform's review is through
  'muted',
  'gone', // no such conversation, or the bot is not in it
  'banned', // the bot as a whole may not speak
  'content', // this text, picture or file will never be taken
  'auth',
  'server', // the platform failed, or said something that no table knows
  'network',
] as const
export type FailureClass = (typeof failureClasses)[number]

/** Whether the platform has the message: certainly not, nobody knows, certainly yes. */
export const outcomes = ['rejected', 'unknown', 'delivered'] as const
export type SendOutcome = (typeof outcomes)[number]

export interface ErrorVerdict {
  class: FailureClass
  outcome: SendOutcome
}

export interface SendFailure extends ErrorVerdict {
  platform: string
  /** The platform's own number (error code, retcode, HTTP status). */
  code?: number | undefined
  /** The platform's own words; redacted, they may go to logs and staff. */
  detail?: string | undefined
  /** The id under which the platform's support finds the request. */
  trace?: string | undefined
  /** Ids of the parts that went through before the one that failed. */
  sent?: string[] | undefined
  cause?: unknown
}

/**
 * The one error that `bot.sendMessage` of every adapter throws. Its texts hold no ids of people or groups, no
 * tokens and nothing of the message.
 */
export class PlatformSendError extends Error {
  override readonly name = 'PlatformSendError'
  readonly platform: string
  readonly class: FailureClass
  readonly outcome: SendOutcome
  readonly code: number | undefined
  readonly detail: string
  readonly trace: string | undefined
  readonly sent: string[]

  constructor(failure: SendFailure) {
    const detail = redact(failure.detail ?? '')
    super(
      `${failure.platform}: ${failure.class}, ${failure.outcome}` +
        (failure.code === undefined ? '' : ` (${failure.code})`) +
        (detail && `: ${detail}`),
    )
    // A foreign error's own text may quote the request; kept for a debugger, out of what a logger prints.
    if (failure.cause !== undefined) {
      Object.defineProperty(this, 'cause', { value: failure.cause, enumerable: false })
    }
    this.platform = failure.platform
    this.class = failure.class
    this.outcome = failure.outcome
    this.code = failure.code
    this.detail = detail
    this.trace = failure.trace
    this.sent = failure.sent ?? []
  }

  /** The same failure after further parts had gone through. */
  after(sent: readonly string[]): PlatformSendError {
    return new PlatformSendError({ ...this, cause: this.cause, sent: [...sent, ...this.sent] })
  }
}

/** The send error inside whatever a bot threw; a foreign error counts as an unknown outcome, never as "not sent". */
export function sendErrorOf(error: unknown, platform: string): PlatformSendError {
  const [first] = (error as { errors?: unknown[] } | undefined)?.errors ?? []
  for (const candidate of [error, first]) {
    if (candidate instanceof PlatformSendError) return candidate
    // Another copy of this module in the process (sources beside built files) has another class.
    if (isSendFailure(candidate)) return new PlatformSendError(candidate)
  }
  const detail = error instanceof Error ? error.name : typeof error
  return new PlatformSendError({ platform, class: 'server', outcome: 'unknown', detail, cause: error })
}

function isSendFailure(error: unknown): error is PlatformSendError {
  return error instanceof Error && error.name === 'PlatformSendError' && 'outcome' in error
}

// Errors of a socket that never was: nothing of the request can have arrived.
const notWritten = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What a `fetch` that failed says: its code, '' when it has none, and whether anything can have arrived. */
export function fetchFailure(error: unknown): { code: string; outcome: SendOutcome } {
  const { code = '' } = (error as { cause?: { code?: string } } | undefined)?.cause ?? {}
  return { code, outcome: notWritten.has(code) ? 'rejected' : 'unknown' }
}

const MAX_DETAIL = 200

/** A platform's words without what must not be logged: queries of URLs, long numbers, ids, keys, control characters. */
export function redact(text: string): string {
  return text
    .replace(/\?[^\s"'<>]*=[^\s"'<>]*/g, '?…')
    .replace(/(key|token|secret)=[^\s&"',]+/gi, '$1=…')
    .replace(/[A-Za-z0-9+/_=-]{16,}/g, (word) => (/\d/.test(word) ? '…' : word))
    .replace(/\d{5,}/g, '…')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL)
}
