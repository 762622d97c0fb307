import type { QuestionFrame } from './frame'
import type { Intent } from './intent'
import type { Cue } from './lexing/sense'
import talk from './words/talk.json'

/** All that an unmistakable question about an organisation's place or points may be made of. */
const allowed: readonly Cue[] = [
  'rank',
  'place',
  'score',
  'score-ask',
  'average',
  'which',
  'who',
  'best',
  'worst',
  'rank-verb',
  'tail',
  'inside-school',
  'what',
  'list',
  'rise',
  'now',
  'rate',
]
const asking: readonly Cue[] = ['rank', 'place', 'score-ask', 'score', 'average']

/** Whether something that was not said to the assistant is answered all the same. */
export function isForEverybody(intents: readonly Intent[], frame: QuestionFrame): boolean {
  const [intent] = intents
  if (intents.length !== 1 || !intent || (intent.intent !== 'ranking' && intent.intent !== 'score'))
    return false
  const about = intent.intent === 'ranking' ? intent.where : intent.whom
  if (about === undefined || about === 'self' || about.startsWith('person:')) return false
  if (intent.intent === 'ranking' && (intent.show === 'risers' || intent.show === 'fallers')) return false
  return (
    frame.unknownLength === 0 &&
    (frame.has(...asking) || asksForEnds(frame)) &&
    !isTold(frame) &&
    !frame.scopes.has('self') &&
    // Whether something is out already is asked of people.
    !frame.has('not') &&
    frame.content.every(({ senses, via }) => isAllowed(senses) && (via === 'exact' || via === 'letters'))
  )
}

/** "Who are the first three of the whole district": a list's end without a word for a ranking. */
function asksForEnds(frame: QuestionFrame): boolean {
  const end = frame.first('top') ?? frame.first('bottom') ?? frame.first('nth')
  return end !== undefined && frame.scopes.has('district') && frame.has('who', 'which')
}

/** A sigh, or a word to all schools: nothing is asked by it. */
function isTold(frame: QuestionFrame): boolean {
  if (frame.tokens.some(({ text }) => talk.sighs.includes(text))) return true
  return (
    frame.scopes.has('own-school') &&
    frame.scopes.has('district') &&
    frame.tokens[0]?.senses.some(isDistrict) === true
  )
}

function isDistrict(sense: QuestionFrame['tokens'][number]['senses'][number]): boolean {
  return sense.kind === 'scope' && sense.scope === 'district'
}

function isAllowed(senses: QuestionFrame['tokens'][number]['senses']): boolean {
  return senses.some((sense) => {
    if (sense.kind === 'cue') return allowed.includes(sense.cue)
    // An everyday word for an indicator may be everyday talk.
    if (sense.kind === 'indicators') return sense.whole
    return !['number', 'stars', 'code', 'award', 'phase', 'person', 'bad-date'].includes(sense.kind)
  })
}
