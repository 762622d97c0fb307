import { answerFrame } from './answer'
import type { UnderstandingContext } from './context'
import { QuestionFrame } from './frame'
import type { Intent } from './intent'
import { isBreak } from './lexing/lexer'
import type { Cue, Token } from './lexing/sense'
import talk from './words/talk.json'

/** Longer messages are no questions; the rest of them is not read. */
const MOST_PARTS = 8
const LONGEST_PART = 40

/** One question of a message: its words, and what they ask by themselves. */
export interface Clause {
  frame: QuestionFrame
  intent: Intent | undefined
}

/** Kinds that take everything behind them as their text. */
const swallowing: readonly string[] = ['announce', 'report', 'schemes']

/** Cuts a message into its questions. Words without a question of their own belong to the one beside them. */
export function splitClauses(tokens: readonly Token[], context: UnderstandingContext): Clause[] {
  const make = (part: readonly Token[]): Clause => {
    const frame = new QuestionFrame(part, context)
    return { frame, intent: answerFrame(frame) }
  }
  const parts = splitAtBreaks(tokens)
    .slice(0, MOST_PARTS)
    .flatMap((part) =>
      part.length > LONGEST_PART ? [part.slice(0, LONGEST_PART)] : splitAtJoins(part, make),
    )
  const clauses: Clause[] = []
  let waiting: readonly Token[] = []
  const asides: Clause[] = []
  for (const part of parts) {
    const clause = make(part)
    const last = clauses.at(-1)
    if (last?.intent && swallowing.includes(last.intent.intent)) {
      clauses[clauses.length - 1] = { ...last, frame: make([...last.frame.tokens, ...part]).frame }
    } else if (isAside(clause)) {
      if (clause.intent) asides.unshift(clause)
    } else if (isQuestion(clause)) {
      clauses.push(waiting.length ? make([...waiting, ...part]) : clause)
      waiting = []
    } else if (last && isFollowing(clause.frame)) clauses.push(clause)
    else waiting = [...waiting, ...part]
  }
  if (waiting.length) {
    const last = clauses.at(-1)
    if (last) clauses[clauses.length - 1] = make([...last.frame.tokens, ...waiting])
    else clauses.push(make(waiting))
  }
  if (!clauses.length && asides.length) return asides.slice(0, 1)
  return joined(clauses, make)
}

/** Neighbours that ask the same thing and do not contradict each other are one question. */
function joined(clauses: readonly Clause[], make: (part: readonly Token[]) => Clause): Clause[] {
  const result: Clause[] = []
  for (const clause of clauses) {
    const last = result.at(-1)
    if (last && agrees(last, clause)) {
      const whole = make([...last.frame.tokens, ...clause.frame.tokens])
      if (whole.intent && whole.intent.intent === last.intent?.intent) {
        result[result.length - 1] = whole
        continue
      }
    }
    result.push(clause)
  }
  return result
}

function agrees(first: Clause, second: Clause): boolean {
  if (!first.intent || !second.intent || first.intent.intent !== second.intent.intent) return false
  const a = new Map(entriesOf(first.intent))
  return entriesOf(second.intent).every(([key, value]) => {
    const other = a.get(key)
    return (
      other === undefined ||
      JSON.stringify(other) === JSON.stringify(value) ||
      (isDefault(key, value) && !isSaid(second)) ||
      isDefault(key, other)
    )
  })
}

function entriesOf(intent: Intent): [string, unknown][] {
  return Object.entries(intent)
}

/** What is only assumed where nothing was said contradicts nothing. */
function isDefault(key: string, value: unknown): boolean {
  return (
    (key === 'ask' && (value === 'start' || value === 'now' || value === 'conditions')) ||
    (key === 'whom' && (value === 'self' || value === 'own-school'))
  )
}

/** Whose it is was said, so it is no default. */
function isSaid({ frame }: Clause): boolean {
  return frame.scopes.has('self') || frame.scopes.has('own-school')
}

function isQuestion({ intent, frame }: Clause): boolean {
  if (!intent || intent.intent === 'none') return false
  // A page's number belongs to the list beside it.
  if (intent.intent === 'page' && typeof intent.page === 'number') return false
  return intent.intent !== 'unclear' || frame.content.length > 1
}

/** Greeting, thanks and other words beside the question. */
function isAside({ intent, frame }: Clause): boolean {
  if (!frame.content.length) return true
  // "And the teachers?", "and we?" are no salutations.
  if ((frame.subjects.size || frame.scopes.size) && (isFollowing(frame) || isOwning(frame))) return false
  const kind = intent?.intent
  return kind === 'greeting' || kind === 'thanks' || frame.content.every(({ senses }) => senses.some(isPlain))
}

/** "The teachers'": what was asked before, of somebody else. */
function isOwning({ tokens }: QuestionFrame): boolean {
  return tokens.length > 1 && talk.owning.includes(tokens.at(-1)?.text ?? '')
}

function isPlain(sense: Token['senses'][number]): boolean {
  return (
    sense.kind === 'filler' ||
    (sense.kind === 'cue' && ['greeting', 'thanks', 'correction', 'tail'].includes(sense.cue))
  )
}

/** "And last week?" behind a question in the same message. */
export function isFollowing(frame: QuestionFrame): boolean {
  const last = frame.tokens.at(-1)
  return frame.has('tail') && last !== undefined && hasCue(last, 'tail')
}

function splitAtBreaks(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (isBreak(token.text)) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts.filter((part) => part.length > 0)
}

/** Cuts where two different questions are joined by a word, or by nothing but a follow-up's last word. */
function splitAtJoins(part: Token[], make: (part: readonly Token[]) => Clause): Token[][] {
  if (isWhole(make(part))) return [part]
  for (let at = 1; at < part.length - 1; at++) {
    const token = part[at]
    if (!token) continue
    const isHead = talk.joins.some((word) => token.text.startsWith(word))
    if (!isHead && !hasCue(token, 'and')) continue
    const next = isHead ? at : at + 1
    const [left, right] = [make(part.slice(0, at)), make(part.slice(next))]
    if (!isSure(left) || !isSure(right)) continue
    if (left.intent?.intent !== right.intent?.intent || token.text.length > 1 || !agrees(left, right)) {
      return [part.slice(0, at), ...splitAtJoins(part.slice(next), make)]
    }
  }
  const again = repeatAt(part)
  if (again > 0) {
    const [left, right] = [make(part.slice(0, again)), make(part.slice(again))]
    if (isSure(left) && isSure(right)) return [part.slice(0, again), part.slice(again)]
  }
  const follow = followAt(part)
  if (follow > 0 && isSure(make(part.slice(0, follow)))) return [part.slice(0, follow), part.slice(follow)]
  return [part]
}

/** What has "and" in itself: comparisons, distances and questions about the rules. */
function isWhole({ intent, frame }: Clause): boolean {
  const kind = intent?.intent
  if (kind === 'how-to') return frame.indicators.length < 2
  // The distance between two places is one question, though no one that is answered.
  if (frame.hasSeveralEnds && frame.has('gap')) return true
  return kind === 'compare' || (kind === 'gap' && !frame.has('rank', 'place'))
}

function isSure({ intent }: Clause): boolean {
  return intent !== undefined && intent.intent !== 'none' && intent.intent !== 'unclear'
}

const askedOnce: readonly Cue[] = ['score-ask', 'place', 'when', 'how-do']

/** Behind the first of two words that each end a question: "how many has he how many have I". */
function repeatAt(part: readonly Token[]): number {
  for (const cue of askedOnce) {
    const first = part.findIndex((token) => hasCue(token, cue))
    const last = part.findLastIndex((token) => hasCue(token, cue))
    if (first >= 0 && last > first + 1) return first + 1
  }
  return -1
}

/** Where a follow-up begins that ends the part: a window, school or stage and the last word, behind a question. */
function followAt(part: readonly Token[]): number {
  const last = part.at(-1)
  if (!last || !hasCue(last, 'tail')) return -1
  const slot = part.findLastIndex(({ senses }) =>
    senses.some(
      ({ kind }) =>
        kind === 'window' || kind === 'school' || kind === 'stage' || kind === 'person' || kind === 'town',
    ),
  )
  const before = part[slot - 1]
  return slot > 1 && part.length - slot <= 3 ? (before && hasCue(before, 'then') ? slot - 1 : slot) : -1
}

function hasCue({ senses }: Token, cue: Cue): boolean {
  return senses.some((sense) => sense.kind === 'cue' && sense.cue === cue)
}
