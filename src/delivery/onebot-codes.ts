import words from './onebot-words.json'
import type { ErrorVerdict } from './error'

/**
 * `"result": N` inside the words of NapCat's retcode 1200 or 200 ("EventChecker Failed: NTEvent … sendMsg"):
 * 110 removed from the group (NapCatQQ issue 600), 120 muted (mamoe/mirai issue 168, the same server code).
 */
const results: Readonly<Record<number, ErrorVerdict>> = {
  110: { class: 'gone', outcome: 'rejected' },
  120: { class: 'muted', outcome: 'rejected' },
  16: { class: 'no-permission', outcome: 'rejected' },
}

/** Words of refusals without a number: nothing was sent, and nothing can be until that person writes. */
const strangers: readonly string[] = words.strangers

/** What a OneBot v11 answer means. `wording` is `wording ?? message`; retcode 0 is no failure and is not asked. */
export function judgeOneBot(retcode: number, wording = ''): ErrorVerdict {
  switch (retcode) {
    case 1: // accepted, works on it
    case 202:
      return { class: 'audit', outcome: 'delivered' }
    case 1400:
    case 1404:
    case 1405:
    case 400:
    case 404:
    case 405:
      return { class: 'content', outcome: 'rejected' }
    case 1401:
    case 1403:
    case 401:
    case 403:
      return { class: 'auth', outcome: 'rejected' }
    case 100: // go-cqhttp: QQ did not take the message (muted, or the account is under watch)
      return { class: 'server', outcome: 'rejected' }
    default:
      return ofWording(wording)
  }
}

function ofWording(wording: string): ErrorVerdict {
  const result = /"?result"?\s*:\s*(-?\d+)/.exec(wording)
  const known = result ? results[Number(result[1])] : undefined
  // NapCat answers every exception with 1200, also "rich media transfer failed" and "Timeout: …" for messages
  // that did arrive: without a known result nobody knows.
  if (strangers.some((words) => wording.includes(words)))
    return { class: 'no-permission', outcome: 'rejected' }
  return known ?? { class: 'server', outcome: 'unknown' }
}
