import type { QuestionFrame } from './frame'
import type { Intent, IntentKind } from './intent'

/** Kinds for which a window changes nothing: they are about now. */
const timeless: readonly IntentKind[] = ['tasks', 'activation', 'participation', 'data-date']
/** Kinds that an indicator narrows. */
const narrowed: readonly IntentKind[] = ['ranking', 'score', 'gap', 'compare', 'records', 'lagging']

/** Whether everything that was named stands in the intent: what was left out would be answered as something else. */
export function isComplete(frame: QuestionFrame, intent: Intent): boolean {
  return hasNames(frame, intent) && hasWindow(frame, intent) && hasRest(frame, intent)
}

function hasNames({ persons, schools, towns, context }: QuestionFrame, intent: Intent): boolean {
  const written = JSON.stringify(intent)
  // Several named beside each other become one intent each later.
  const several = intent.intent === 'ranking' || intent.intent === 'score' || intent.intent === 'records'
  const needed = several ? 1 : Infinity
  const codes = schools.slice(0, needed).map(({ schools: [school] }) => school?.code ?? '')
  const names = persons.slice(0, needed).map(({ persons: [person] }) => person?.name ?? '')
  const ofPerson = intent.intent === 'score' || intent.intent === 'records' || intent.intent === 'tasks'
  const known = ofPerson ? (persons[0]?.persons[0]?.schools ?? []) : []
  if (!codes.every((code) => written.includes(code) || known.includes(code))) return false
  if (!names.every((name) => written.includes(name))) return false
  return towns.slice(0, needed).every(({ towns: [town = ''] }) => {
    return (
      written.includes(town) ||
      codes.some((code) => context.vocabulary.schools.byCode(code)?.town === town) ||
      isInTown(intent, { town, context })
    )
  })
}

function isInTown(
  intent: Intent,
  { town, context }: { town: string; context: QuestionFrame['context'] },
): boolean {
  const where = 'where' in intent ? intent.where : undefined
  return (
    where?.startsWith('school:') === true &&
    context.vocabulary.schools.byCode(where.slice('school:'.length))?.town === town
  )
}

function hasWindow({ windows, comparedWindow }: QuestionFrame, intent: Intent): boolean {
  if (!windows.length || comparedWindow !== undefined || timeless.includes(intent.intent)) return true
  return 'from' in intent || 'since' in intent || 'until' in intent
}

function hasRest(frame: QuestionFrame, intent: Intent): boolean {
  if (frame.indicators.length && narrowed.includes(intent.intent) && !('indicators' in intent)) return false
  const isPart = frame.first('nth') ?? frame.first('top') ?? frame.first('bottom')
  if (isPart && intent.intent !== 'ranking' && intent.intent !== 'gap' && intent.intent !== 'compare')
    return false
  // A number that nothing was made of may have been what it was about.
  if (intent.intent === 'score' && intent.why === undefined && frame.first('number')) return false
  const isOfStage = intent.intent === 'ranking' || frame.schools.length > 0 || intent.intent === 'compare'
  return !frame.stages.length || isOfStage
}
