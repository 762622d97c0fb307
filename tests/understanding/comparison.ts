import { z } from 'zod'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Scheme } from '@space-assistant/core/scheme/scheme'

const intent = z.record(z.string(), z.unknown())
export const utteranceSchema = z.object({
  id: z.string(),
  scheme: z.string().optional(),
  as: z.enum(['administrator', 'teacher', 'staff', 'support', 'town', 'stranger']),
  place: z.enum(['private', 'group', 'overheard']),
  before: z.array(z.string()).optional(),
  text: z.string(),
  want: z.array(intent),
  also: z.array(z.array(intent)).optional(),
})
export type Utterance = z.infer<typeof utteranceSchema>
type Answer = Record<string, unknown>

export type UtteranceVerdict = 'right' | 'not-understood' | 'wrong'

/** Keys that must be absent where they are not wanted. */
const bound = [
  'from',
  'to',
  'stage',
  'indicators',
  'why',
  'page',
  'ticket',
  'stars',
  'until',
  'code',
  'name',
  'school',
  'award',
  'phase',
]
const defaults: Record<string, Record<string, string>> = {
  ranking: { of: 'school' },
  activation: { ask: 'rate' },
  phases: { ask: 'now' },
  awards: { ask: 'conditions' },
  bind: { ask: 'start' },
  remind: { ask: 'show' },
  report: { ask: 'new' },
  import: { ask: 'start' },
  announce: { ask: 'start' },
  bulletin: { ask: 'start' },
  export: { ask: 'start' },
}

/** Compares an answer with what is wanted, by the rules that the labels were made with. */
export function judgeUtterance(
  { want, also = [] }: Utterance,
  answer: readonly Answer[],
  context: { scheme: Scheme; today: string },
): UtteranceVerdict {
  if ([want, ...also].some((one) => isSame(one, answer, context))) return 'right'
  return answer.every(({ ['intent']: kind }) => kind === 'none' || kind === 'unclear')
    ? 'not-understood'
    : 'wrong'
}

function isSame(
  want: readonly Answer[],
  answer: readonly Answer[],
  context: { scheme: Scheme; today: string },
): boolean {
  return want.length === answer.length && want.every((one, index) => fits(one, answer[index] ?? {}, context))
}

function fits(want: Answer, answer: Answer, context: { scheme: Scheme; today: string }): boolean {
  if (isNothing(want)) return isNothing(answer)
  if (want['intent'] !== answer['intent']) return false
  const kind = String(want['intent'])
  for (const key of Object.keys(want)) {
    if ((key === 'from' || key === 'to') && kind !== 'gap') continue
    if (!equal(key, want[key], valueOf(kind, key, answer), { kind, answer, scheme: context.scheme }))
      return false
  }
  if (kind !== 'gap' && !sameWindow(want, answer, context)) return false
  return (
    bound.every(
      (key) =>
        key in want || !(key in answer) || answer[key] === undefined || (kind === 'gap' && key === 'to'),
    ) && showFits(want, answer)
  )
}

function isNothing({ ['intent']: kind }: Answer): boolean {
  return kind === 'none' || kind === 'unclear'
}

function valueOf(kind: string, key: string, answer: Answer): unknown {
  if (answer[key] !== undefined) return answer[key]
  if (kind === 'ranking' && key === 'show') {
    const where = typeof answer['where'] === 'string' ? answer['where'] : ''
    return where === 'own-school' || where.startsWith('school:') ? 'place' : 'list'
  }
  return defaults[kind]?.[key]
}

function equal(
  key: string,
  want: unknown,
  given: unknown,
  context: { kind: string; answer: Answer; scheme: Scheme },
): boolean {
  if (key === 'indicators') return sameSet(expand(want, context.scheme), expand(given, context.scheme))
  if (Array.isArray(want)) return sameSet(list(want), list(given))
  if (key === 'show') return topOne(want) === topOne(given)
  return want === given
}

const topOne = (show: unknown) => (show === 'top:1' ? 'nth:1' : show)
const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
const sameSet = (a: readonly string[], b: readonly string[]) =>
  new Set(a).size === new Set([...a, ...b]).size && new Set(b).size === new Set([...a, ...b]).size

function expand(value: unknown, scheme: Scheme): string[] {
  return list(value).flatMap((name) => {
    const members = scheme.indicators.filter(({ group }) => group === name).map((indicator) => indicator.name)
    return members.length ? members : [name]
  })
}

/** Where a place or a list is not asked for, both will do; ends of lists never come unasked. */
function showFits(want: Answer, answer: Answer): boolean {
  if ('show' in want || want['intent'] !== 'ranking') return true
  return answer['show'] === undefined || answer['show'] === 'place' || answer['show'] === 'list'
}

function sameWindow(want: Answer, answer: Answer, context: { scheme: Scheme; today: string }): boolean {
  for (const key of ['from', 'to'] as const) if (key in want !== (answer[key] !== undefined)) return false
  return clipped(want, context).some((one) => clipped(answer, context).includes(one))
}

/** A window as it is, cut to today, to the period, and to both. */
function clipped(answer: Answer, { scheme, today }: { scheme: Scheme; today: string }): string[] {
  const from = parseDay(String(answer['from'])) ?? 0
  const to = parseDay(String(answer['to'])) ?? 0
  const now = parseDay(today) ?? 0
  const { period } = scheme
  const start = Math.max(from, period.from)
  const ends = [to, Math.min(to, now), Math.min(to, period.to), Math.min(to, now, period.to)]
  return [from, start].flatMap((first) => ends.map((last) => `${first}-${last}`))
}
