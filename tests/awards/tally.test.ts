import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeSeverity, tallySheets, totalOf } from '@space-assistant/core/awards/tally'
import type { NomineeSheets } from '@space-assistant/core/awards/tally'

const rubric = {
  criteria: [
    { name: '布局设计', max: 10, text: '' },
    { name: '综合应用', max: 50, text: '' },
    { name: '应用效果', max: 20, text: '' },
    { name: '特色创新', max: 20, text: '' },
  ],
}
const rule = { least: 3, trimFrom: 5 }

/** A total, put into the criteria from the last one on. */
const pointsFor = (total: number) => {
  let left = total
  const points = [50, 20, 20, 10].map((max) => {
    const part = Math.min(max, left)
    left -= part
    return part
  })
  return [points[3]!, points[0]!, points[1]!, points[2]!]
}

const nominee = (code: string, ...totals: number[]): NomineeSheets => ({
  nominee: code,
  sheets: totals.length,
  counted: totals.map((total, at) => ({ judge: `j${at}`, points: pointsFor(total) })),
})

const one = (...totals: number[]) => tallySheets([nominee('t1', ...totals)], rubric, rule)[0]!

describe('the result of a nominee', () => {
  it.each<[title: string, totals: number[], score: number | null, trimmed: boolean, rank: number | null]>([
    ['five sheets lose one highest and one lowest', [92, 88, 85, 80, 61], 84.333333, true, 1],
    ['four sheets lose none', [88, 85, 80, 61], 78.5, false, 1],
    ['three sheets are enough', [90, 80, 70], 80, false, 1],
    ['two are too few for a rank', [90, 80], 85, false, null],
    ['none is nothing', [], null, false, null],
    ['two equal highest lose only one', [90, 90, 80, 70, 60], 80, true, 1],
    ['zeros are points', [0, 0, 0], 0, false, 1],
  ])('%s', (_, totals, score, trimmed, rank) => {
    expect(one(...totals)).toMatchObject({ score, trimmed, rank, counted: totals.length })
  })

  it.each([
    ['a spread of 20 is usual', [90, 80, 70], []],
    ['a spread of 21 asks for a review', [91, 80, 70], ['spread']],
    ['the spread is that of all counted sheets, trimmed ones too', [92, 88, 85, 80, 61], ['spread']],
    ['too few sheets are said to be so', [90, 85], ['too-few']],
  ])('%s', (_, totals, flags) => {
    expect(one(...totals).flags).toEqual(flags)
  })

  it('needs what the scheme says, not three and five', () => {
    const [result] = tallySheets([nominee('t1', 90, 80, 40)], rubric, { least: 2, trimFrom: 3 })
    expect(result).toMatchObject({ score: 80, trimmed: true, rank: 1 })
  })
})

describe('the results of an award', () => {
  it('warn where nominees stand on both sides of five', () => {
    const results = tallySheets(
      [nominee('a', 80, 80, 80, 80, 80), nominee('b', 81, 81, 81, 81), nominee('c', 99)],
      rubric,
      rule,
    )
    expect(results.map(({ nominee, flags }) => [nominee, flags])).toEqual([
      ['b', ['both-sides']],
      ['a', ['both-sides']],
      ['c', ['too-few']],
    ])
  })

  it('tell equal scores apart by the criteria in their order, and share the rank when these are equal too', () => {
    const sheet = (judge: string, ...points: number[]) => ({ judge, points })
    const three = (...points: number[]) => ['x', 'y', 'z'].map((judge) => sheet(judge, ...points))
    const results = tallySheets(
      [
        { nominee: 'a', sheets: 3, counted: three(8, 40, 15, 15) },
        { nominee: 'b', sheets: 3, counted: three(9, 39, 15, 15) },
        { nominee: 'd', sheets: 3, counted: three(8, 40, 15, 15) },
        { nominee: 'c', sheets: 3, counted: three(8, 40, 14, 15) },
      ],
      rubric,
      rule,
    )
    expect(results.map(({ nominee, rank }) => [nominee, rank])).toEqual([
      ['b', 1],
      ['a', 2],
      ['d', 2],
      ['c', 4],
    ])
  })

  it('are those of a plain count, whatever the sheets', () => {
    const totals = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 8 })
    fc.assert(
      fc.property(fc.array(totals, { maxLength: 8 }), (lists) => {
        const nominees = lists.map((list, at) => nominee(`n${at}`, ...list))
        const results = tallySheets(nominees, rubric, rule)
        for (const { nominee: code, score, rank } of results) {
          const list = [...lists[Number(code.slice(1))]!].sort((a, b) => a - b)
          const kept = list.length >= 5 ? list.slice(1, list.length - 1) : list
          const mean = kept.length ? kept.reduce((sum, value) => sum + value, 0) / kept.length : null
          if (mean === null) expect(score).toBeNull()
          else expect(score).toBeCloseTo(mean, 6)
          expect(rank === null).toBe(list.length < 3)
        }
        const ranked = results.filter(({ rank }) => rank !== null)
        for (const { rank, score } of ranked) {
          // A better score is always a better rank; equal ones are a matter of the criteria.
          const better = ranked.filter((other) => (other.score ?? 0) > (score ?? 0)).length
          const atLeast = ranked.filter((other) => (other.score ?? 0) >= (score ?? 0)).length
          expect(rank).toBeGreaterThan(better)
          expect(rank).toBeLessThanOrEqual(atLeast)
        }
      }),
    )
  })
})

describe('the severity of a judge', () => {
  const five = (shift: number) =>
    Array.from({ length: 5 }, (_, at): NomineeSheets => ({
      nominee: `n${at}`,
      sheets: 3,
      counted: [
        { judge: 'a', points: pointsFor(70 + at + shift) },
        { judge: 'b', points: pointsFor(70 + at) },
        { judge: 'c', points: pointsFor(70 + at) },
      ],
    }))

  it('is the mean distance to the others', () => {
    expect(judgeSeverity(five(-6))).toEqual([
      { judge: 'a', common: 5, distance: -6 },
      { judge: 'b', common: 5, distance: 3 },
      { judge: 'c', common: 5, distance: 3 },
    ])
  })

  it('is not spoken of below five nominees in common', () => {
    expect(judgeSeverity(five(9).slice(1))).toEqual([])
  })
})

it('sums decimals without binary dust', () => {
  expect(totalOf([0.1, 0.2])).toBe(0.3)
})
