import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { momentsOn, phaseMoments, phasesOn } from '@space-assistant/core/phases/phase'

const day = (text: string) => parseDay(text)!
const scheme = (id: string) => {
  const result = loadScheme(readFileSync(`config/schemes/${id}.yml`, 'utf8'), `${id}.yml`)
  if (!result.ok) throw new Error('scheme')
  return result.value
}

describe('the phases of Shishou on a day', () => {
  it.each([
    ['2021-11-26', ['ahead 1', 'ahead 5', 'ahead 217', 'ahead 248'], 'the day before the first'],
    ['2021-11-27', ['running 34', 'ahead 4', 'ahead 216', 'ahead 247'], 'the first day'],
    ['2021-12-31', ['running 0', 'running 181', 'ahead 182', 'ahead 213'], 'two phases at once'],
    ['2022-01-01', ['over 1', 'running 180', 'ahead 181', 'ahead 212'], 'the day after the end'],
    ['2022-10-01', ['over 274', 'over 93', 'over 63', 'over 1'], 'everything is over'],
  ])('%s: %s (%s)', (text, expected) => {
    const states = phasesOn(scheme('shishou-2021'), day(text)).map((state) => {
      switch (state.state) {
        case 'ahead':
          return `ahead ${state.daysUntil}`
        case 'running':
          return `running ${state.daysLeft}`
        case 'over':
          return `over ${state.daysSince}`
      }
    })
    expect(states).toEqual(expected)
  })
})

describe('moments at which people are told of a phase', () => {
  it('are the start, and 14, 7, 3, 1 and 0 days before the end', () => {
    const moments = phaseMoments(scheme('shishou-2021')).filter(({ phase }) => phase.name === '准备阶段')
    expect(moments.map(({ key, day: on }) => `${formatDay(on)} ${key}`)).toEqual([
      '2021-11-27 shishou-2021/准备阶段/start',
      '2021-12-17 shishou-2021/准备阶段/14',
      '2021-12-24 shishou-2021/准备阶段/7',
      '2021-12-28 shishou-2021/准备阶段/3',
      '2021-12-30 shishou-2021/准备阶段/1',
      '2021-12-31 shishou-2021/准备阶段/0',
    ])
  })

  it('leave out deadlines that a short phase has no room for', () => {
    const moments = phaseMoments(scheme('xinzhou-2022')).filter(({ phase }) => phase.name === '评选')
    expect(moments.map(({ key }) => key.split('/')[2])).toEqual(['start', '7', '3', '1', '0'])
  })

  it('have keys of their own', () => {
    const keys = phaseMoments(scheme('shishou-2021')).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('are found by their day', () => {
    expect(momentsOn(scheme('xinzhou-2022'), day('2022-06-10')).map(({ key }) => key)).toEqual([
      'xinzhou-2022/评选/0',
    ])
    expect(momentsOn(scheme('xinzhou-2022'), day('2022-01-05'))).toEqual([])
  })

  it('tell the start and the end of a phase of one day', () => {
    const window = { from: day('2022-05-05'), to: day('2022-05-05') }
    const moments = phaseMoments({ id: 'x', phases: [{ name: '甲', window, todo: '乙' }] })
    expect(moments.map(({ key }) => key)).toEqual(['x/甲/start', 'x/甲/0'])
  })
})
