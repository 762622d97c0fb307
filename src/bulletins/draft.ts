import { formatDay } from '../calendar/day'
import { figure } from '../text/figure'
import type { Translate } from '../text/translate'
import { belowAwardOf, firstOf, lastOf, risersOf, silentOf } from './facts'
import type { BulletinFacts, BulletinRow } from './facts'

/** The parts of a bulletin, in their order. */
export const bulletinSections = [
  'overall',
  'ranking',
  'progress',
  'problems',
  'demands',
  'attachment',
] as const
export type BulletinSectionKey = (typeof bulletinSections)[number]

/** One part in words; each line is a paragraph. */
export interface BulletinSection {
  key: BulletinSectionKey
  text: string
}

export interface BulletinDraftOptions {
  /** Texts below `space-bulletins.draft`, by the last part of their key. */
  say: Translate
  /** Names the last schools too. */
  last: boolean
}

/** Names in one sentence at most; the table has all. */
const NAMED = 8

/** The bulletin in words, made of facts only. A part that has nothing to say is left out. */
export function draftSections(facts: BulletinFacts, options: BulletinDraftOptions): BulletinSection[] {
  return bulletinSections.flatMap((key) => {
    const text = sectionText(key, facts, options).filter(Boolean).join('\n')
    return text ? [{ key, text }] : []
  })
}

function sectionText(key: BulletinSectionKey, facts: BulletinFacts, options: BulletinDraftOptions): string[] {
  switch (key) {
    case 'overall':
      return overallText(facts, options)
    case 'ranking':
      return rankingText(facts, options)
    case 'progress':
      return progressText(facts, options)
    case 'problems':
      return problemText(facts, options)
    case 'demands':
      return [options.say('demands')]
    case 'attachment':
      return [options.say('attachment', { count: facts.rows.length })]
  }
}

function overallText(facts: BulletinFacts, { say }: BulletinDraftOptions): string[] {
  const { numbers, stamp } = facts
  const days = { from: formatDay(stamp.window.from), to: formatDay(stamp.window.to) }
  const shown = Object.fromEntries(
    Object.entries(numbers).map(([key, value]) => [key, value === null ? '' : figure(value)]),
  )
  const unranked = (numbers.schools ?? 0) - (numbers.ranked ?? 0)
  return [
    say('overall', { ...shown, ...days, until: formatDay(stamp.dataUntil), scheme: stamp.schemeName }),
    numbers.activity === null ? '' : say('activity', shown),
    numbers.activation === null ? '' : say('activation', shown),
    unranked > 0 ? say('unranked', { count: unranked }) : '',
  ]
}

function rankingText(facts: BulletinFacts, { say, last }: BulletinDraftOptions): string[] {
  const first = firstOf(facts)
  if (!first.length) return [say('nobody-ranked')]
  const named = (row: BulletinRow) =>
    say('ranked-school', { rank: row.rank ?? '', name: row.name, score: figure(row.score ?? 0) })
  const list = (rows: readonly BulletinRow[]) => rows.map(named).join(say('semicolon'))
  const lines = [say('first', { count: first.length, schools: list(first) })]
  const tail = last ? lastOf(facts) : []
  if (tail.length) lines.push(say('last', { count: tail.length, schools: list(tail) }))
  return lines
}

function progressText(facts: BulletinFacts, { say }: BulletinDraftOptions): string[] {
  if (facts.since === null) return []
  const risers = risersOf(facts)
  const since = formatDay(facts.since)
  if (!risers.length) return [say('no-progress', { since })]
  const schools = risers.map(({ name, change, rank }) =>
    say('riser', { name, change: change ?? 0, rank: rank ?? '' }),
  )
  return [say('progress', { since, schools: schools.join(say('semicolon')) })]
}

function problemText(facts: BulletinFacts, { say }: BulletinDraftOptions): string[] {
  const below = belowAwardOf(facts)
  const silent = silentOf(facts)
  const names = (texts: readonly string[]) => {
    const shown = texts.slice(0, NAMED).join(say('comma'))
    return texts.length > NAMED ? say('and-more', { names: shown }) : shown
  }
  const lines: string[] = []
  if (below.length) {
    const schools = below.map(({ name, activation }) => say('rate', { name, rate: figure(activation ?? 0) }))
    lines.push(
      say('below', { count: below.length, award: facts.numbers.award ?? '', schools: names(schools) }),
    )
  }
  if (silent.length)
    lines.push(say('silent', { count: silent.length, schools: names(silent.map(({ name }) => name)) }))
  return lines.length ? lines : [say(facts.numbers.award === null ? 'none-silent' : 'no-problems')]
}
