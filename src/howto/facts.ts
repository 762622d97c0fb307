import type { ConfigProblem } from '../configuration/document'
import type { Indicator, Scheme } from '../scheme/scheme'
import type { HowToEntry, Facts, HowTo } from './entries'

/**
 * What in the how-to entries no longer fits the schemes: unknown scheme or indicator, an indicator without an entry in
 * a scheme that has entries, and figures that the scheme has otherwise (staff changed the points and not the answer).
 */
export function checkHowTo({ entries }: HowTo, schemes: readonly Scheme[]): ConfigProblem[] {
  const own = [...strangers(entries, schemes), ...entries.flatMap((entry) => checkEntry(entry, schemes))]
  const missing = schemes.flatMap(({ id, indicators }) => {
    const explaining = entries.filter(({ scheme }) => scheme === id)
    const [first] = explaining
    if (!first) return []
    return indicators
      .filter(({ name }) => !explaining.some(({ indicator }) => indicator === name))
      .map(({ name }) => ({
        file: first.source.file,
        path: 'entries',
        code: 'how-to-missing',
        params: { given: name },
      }))
  })
  return [...own, ...missing]
}

/** Files of schemes that are not there, each once. */
function strangers(entries: readonly HowToEntry[], schemes: readonly Scheme[]): ConfigProblem[] {
  const values = schemes.map(({ id }) => id)
  const files = new Map(entries.map(({ source, scheme }) => [source.file, scheme]))
  return [...files].flatMap(([file, given]) =>
    given === undefined || values.includes(given)
      ? []
      : [
          {
            file,
            path: 'scheme',
            code: 'not-permitted',
            params: { given },
            permitted: { kind: 'one-of', values },
          },
        ],
  )
}

function checkEntry(entry: HowToEntry, schemes: readonly Scheme[]): ConfigProblem[] {
  const scheme = schemes.find(({ id }) => id === entry.scheme)
  if (entry.scheme && !scheme) return []
  if (!entry.indicator) return []
  const indicator = scheme?.indicators.find(({ name }) => name === entry.indicator)
  if (!indicator) {
    const values = (scheme?.indicators ?? []).map(({ name }) => name)
    const path = `${entry.source.path}.indicator`
    const given = { params: { given: entry.indicator }, permitted: { kind: 'one-of' as const, values } }
    return [{ ...entry.source, path, code: 'not-permitted', ...given }]
  }
  return differing(entry, indicator)
}

function differing(entry: HowToEntry, indicator: Indicator): ConfigProblem[] {
  const said: Facts = entry.facts ?? {}
  const real = factsOf(indicator)
  const keys = ['points', 'streak', 'cap', 'target', 'requirement'] as const
  return keys.flatMap((key) => {
    const given = show(said[key])
    const expected = show(real[key])
    if (given === expected) return []
    const path = `${entry.source.path}.facts.${key}`
    return [{ ...entry.source, path, code: 'how-to-differs', params: { given, permitted: expected } }]
  })
}

/** The facts of an indicator in the form in which entries state them. */
export function factsOf({ rule, role, target, requirement }: Indicator): Facts {
  if (role === 'student') return {}
  const bounds = requirement?.conditions.map(({ attribute, ...bound }) => [attribute, bound])
  return {
    ...(rule.kind === 'streak' ? { streak: rule.steps } : { points: rule.points }),
    ...(rule.kind === 'action' && rule.cap && { cap: rule.cap }),
    ...(target && { target }),
    ...(requirement && { requirement: { [requirement.kind]: Object.fromEntries(bounds ?? []) as object } }),
  }
}

/** JSON with the keys in order, so that equal facts are equal texts. */
function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      part && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? '-'
  )
}
