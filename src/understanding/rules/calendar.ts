import type { QuestionFrame } from '../frame'
import type { IntentOf } from '../intent'
import { said } from './rule'
import type { IntentRule } from './rule'

type PhaseAsk = NonNullable<IntentOf<'phases'>['ask']>

/** When phases begin and end, which one runs, and what it asks for. */
export const phasesRule: IntentRule = (frame) => {
  const phase = frame.first('phase')?.phase
  const ask = phaseAsk(frame)
  const isAsked =
    phase !== undefined || frame.has('phase') || (frame.has('end') && frame.has('when', 'end-noun'))
  if (!isAsked) return undefined
  if (frame.has('publish', 'results', 'nominees', 'certificate') && !frame.has('end', 'start'))
    return undefined
  if (phase !== undefined && ask === undefined && !frame.has('phase')) return undefined
  return { intent: 'phases', ...said('phase', phase), ask: ask ?? 'now' }
}

function phaseAsk(frame: QuestionFrame): PhaseAsk | undefined {
  if (frame.has('end')) return 'end'
  if (frame.has('todo')) return 'todo'
  if (frame.has('start')) return 'start'
  if (frame.first('phase') && frame.has('when', 'which-period'))
    return frame.has('days-left') && !isBefore(frame) ? 'end' : 'start'
  if (frame.has('now', 'phase')) return 'now'
  return undefined
}

/** "How far is it to" a phase that has not begun. */
function isBefore(frame: QuestionFrame): boolean {
  const name = frame.first('phase')?.phase
  const phase = frame.context.vocabulary.scheme.phases.find((one) => one.name === name)
  return frame.has('gap') && phase !== undefined && phase.window.from > frame.context.today
}

/** Until which day there are data. */
export const dataDateRule: IntentRule = (frame) => {
  const where = said('where', frame.place)
  const isDay = frame.windows.length > 0 && frame.has('why', 'how')
  if (frame.has('not-arrived') && (isDay || frame.has('score', 'data') || frame.indicators.length > 0)) {
    return { intent: 'data-date', ...where }
  }
  const isAsked = frame.has('data')
    ? frame.has('updated', 'when', 'end') || (frame.windows.length > 0 && frame.has('asking'))
    : frame.has('updated-to') && frame.has('when', 'updated')
  return isAsked ? { intent: 'data-date', ...where } : undefined
}
