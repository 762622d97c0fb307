import type { QuestionFrame } from '../frame'
import type { Intent } from '../intent'
import type { Cue } from '../lexing/sense'

/** What is said to the assistant as to a person: only when hardly anything else is in the text. */
export function readSmallTalk(frame: QuestionFrame): Intent | undefined {
  if (frame.has('confirm') && isAll(frame, 'confirm')) {
    const number = frame.first('number')?.value
    return { intent: 'confirm', ...(number ? { number } : {}) }
  }
  if (isAll(frame, 'who-are-you', 'greeting')) {
    return frame.has('who-are-you') ? { intent: 'who-are-you' } : { intent: 'greeting' }
  }
  const page = isAll(frame, 'next-page', 'previous-page', 'then', 'tail') ? pageOf(frame) : undefined
  if (page) return page
  if (isAll(frame, 'cancel')) return { intent: 'cancel' }
  if (isAll(frame, 'thanks', 'greeting'))
    return frame.has('thanks') ? { intent: 'thanks' } : { intent: 'greeting' }
  return isAll(frame, 'help') ? { intent: 'help' } : undefined
}

function pageOf(frame: QuestionFrame): Intent | undefined {
  const page = frame.first('page')?.page
  if (page !== undefined) return { intent: 'page', page }
  if (frame.has('previous-page')) return { intent: 'page', page: 'previous' }
  return frame.has('next-page') ? { intent: 'page', page: 'next' } : undefined
}

/** Whether the cues are all that was said; politeness and filler beside them do not count. */
function isAll(frame: QuestionFrame, ...cues: Cue[]): boolean {
  if (frame.unknownLength > 0) return false
  const words = frame.content
  return (
    words.length > 0 &&
    words.every(({ senses }) =>
      senses.some(
        (sense) =>
          sense.kind === 'filler' ||
          sense.kind === 'page' ||
          sense.kind === 'number' ||
          (sense.kind === 'cue' && (sense.cue === 'tail' || cues.includes(sense.cue))),
      ),
    ) &&
    (frame.has(...cues) || frame.first('page') !== undefined)
  )
}
