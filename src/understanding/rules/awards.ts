import type { QuestionFrame } from '../frame'
import type { IntentOf, Intent } from '../intent'
import { said } from './rule'
import type { IntentRule } from './rule'

/** Conditions, nominees, results and dates of awards, and whether somebody can get one. */
export const awardsRule: IntentRule = (frame) => {
  // Two awards told apart are no question about either.
  if (frame.has('difference')) return undefined
  const award = frame.first('award')?.award
  const isAbout = award !== undefined || frame.has('award', 'certificate')
  // When points come out is about the data.
  if (frame.has('when') && frame.has('score', 'data') && !isAbout && !frame.has('results')) return undefined
  if (frame.has('when') && frame.has('publish', 'results', 'certificate'))
    return { intent: 'awards', ...said('award', award), ask: 'schedule' }
  if (frame.has('results') && !frame.has('conditions'))
    return { intent: 'awards', ...said('award', award), ask: 'results' }
  if (frame.has('nominees') && !frame.has('when', 'how', 'how-do'))
    return { intent: 'awards', ...said('award', award), ask: 'nominees' }
  if (!isAbout || frame.has('certificate')) return undefined
  return aboutAward(frame, award)
}

/** A word for "which" that does not mean "what" as well. */
function asksWhich(frame: QuestionFrame): boolean {
  return frame.tokens.some(({ senses }) => {
    const cues = senses.flatMap((sense) => (sense.kind === 'cue' ? [sense.cue] : []))
    return cues.includes('which') && !cues.includes('what')
  })
}

function aboutAward(frame: QuestionFrame, award: string | undefined): Intent | undefined {
  const { whom } = frame
  if (whom !== undefined && whom !== 'district' && frame.has('eligible', 'award')) {
    return withWhom(award, whom)
  }
  if (frame.has('conditions', 'how', 'how-count', 'need'))
    return { intent: 'awards', ...said('award', award), ask: 'conditions' }
  const isWho = frame.has('who') || (asksWhich(frame) && (frame.subjects.size > 0 || award !== undefined))
  if (isWho) return { intent: 'awards', ...said('award', award), ask: 'results' }
  if (frame.has('what') && award === undefined) return undefined
  if (award !== undefined || frame.has('award-strong'))
    return { intent: 'awards', ...said('award', award), ...said('whom', whom) }
  return undefined
}

function withWhom(
  award: string | undefined,
  whom: NonNullable<IntentOf<'awards'>['whom']>,
): IntentOf<'awards'> {
  return { intent: 'awards', ...said('award', award), whom, ask: 'conditions' }
}
