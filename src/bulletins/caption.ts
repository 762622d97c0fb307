import { formatDay } from '../calendar/day'
import { figure } from '../text/figure'
import type { Translate } from '../text/translate'
import { firstOf } from './facts'
import type { BulletinFacts } from './facts'

/** What a group reads beside picture and file. */
export const CAPTION_LENGTH = 300

/** The bulletin in a few sentences, three hundred characters at most: whole sentences fall away, never halves. */
export function bulletinCaption(
  facts: BulletinFacts,
  { title, say }: { title: string; say: Translate },
): string {
  const { numbers, stamp } = facts
  const show = (value: number | null) => (value === null ? '' : figure(value))
  const top = firstOf(facts, 3).map(({ rank, name, score }) =>
    say('ranked-school', { rank: rank ?? '', name, score: show(score) }),
  )
  const lines = [
    cut(title, 60),
    say('caption.overall', {
      ...{ ranked: show(numbers.ranked), mean: show(numbers.mean), teachers: show(numbers.teachers) },
      ...{
        active: show(numbers.active),
        activity: show(numbers.activity),
        until: formatDay(stamp.dataUntil),
      },
    }),
    top.length ? say('caption.first', { schools: top.join(say('semicolon')) }) : '',
    ...bulletinConcerns(facts, say),
    say('caption.more'),
  ].filter(Boolean)
  while (lines.length > 2 && lengthOf(lines) > CAPTION_LENGTH) lines.splice(-2, 1)
  return lines.join('\n')
}

/** What is to be worried about, in a sentence each. */
export function bulletinConcerns({ numbers }: BulletinFacts, say: Translate): string[] {
  const { award, silent, 'below-award': below } = numbers
  return [
    below ? say('caption.below', { count: below, award: figure(award ?? 0) }) : '',
    silent ? say('caption.silent', { count: silent }) : '',
  ].filter(Boolean)
}

const lengthOf = (lines: readonly string[]) => Array.from(lines.join('\n')).length

function cut(text: string, most: number): string {
  const all = Array.from(text)
  return all.length > most ? `${all.slice(0, most - 1).join('')}\u2026` : text
}
