import { parseDay } from '@space-assistant/core/calendar/day'
import { understand } from '@space-assistant/core/understanding/understand'
import { makeVocabulary, utteranceActors, utteranceDay } from './district'
import hostile from './hostile.json'

export interface UnderstandingCost {
  names: number
  buildSeconds: number
  /** Milliseconds; each sentence is taken three times a hostile one nine times, and the fastest counts, so that other work is left out. */
  median: number
  p99: number
  slowestHostile: number
}

/** What a sentence costs in a district of so many members. */
export function measureCost(size: number, lines: readonly string[]): UnderstandingCost {
  const begun = performance.now()
  const vocabulary = makeVocabulary('xinzhou-2022', size)
  const buildSeconds = (performance.now() - begun) / 1000
  const context = {
    vocabulary,
    actor: utteranceActors.administrator,
    place: 'private',
    today: parseDay(utteranceDay) ?? 0,
    previous: [],
  } as const
  const once = (text: string) => {
    const start = performance.now()
    understand(text, context)
    return performance.now() - start
  }
  const best = (text: string) => Math.min(once(text), once(text), once(text))
  for (const line of lines) once(line)
  const times = lines.map(best).sort((a, b) => a - b)
  const worst = hostile.map((part) => {
    const text = part.repeat(200).slice(0, 200)
    return Math.min(best(text), best(text), best(text))
  })
  return {
    names: vocabulary.persons.size,
    buildSeconds,
    median: times[Math.floor(times.length / 2)] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    slowestHostile: Math.max(...worst),
  }
}
