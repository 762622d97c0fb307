import { describe, expect, it } from 'vitest'
import { actOnNomination } from '@space-assistant/core/awards/nomination'
import type { NominationFacts } from '@space-assistant/core/awards/nomination'
import { checkObjector, stepObjection } from '@space-assistant/core/awards/objection'
import { daysBeyond, publicityPeriod } from '@space-assistant/core/awards/publicity'
import { isReserve, quotaMeter, shareMeters } from '@space-assistant/core/awards/quota'
import { awardRoundStates, stepRound } from '@space-assistant/core/awards/round'
import type { AwardRoundFacts, AwardRoundState } from '@space-assistant/core/awards/round'
import { changeSheet, pointsFault } from '@space-assistant/core/awards/sheet'
import type { JudgeSheetFacts } from '@space-assistant/core/awards/sheet'
import { loadCalendar, plainCalendar } from '@space-assistant/core/calendar/school-calendar'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'

const day = (text: string) => parseDay(text)!

describe('a publicity period', () => {
  const own = loadCalendar('holidays: [2022-06-15]\nworkdays: [2022-06-18]\n', 'calendar.yml')
  if (!own.ok) throw new Error('calendar')
  const working = (days: number) => ({ days, count: 'working' }) as const

  it.each([
    ['begins on the working day after', '2022-06-10', working(5), '2022-06-13', '2022-06-17'],
    ['passes over a holiday', '2022-06-01', working(5), '2022-06-02', '2022-06-09'],
    ['counts a make-up Saturday', '2022-04-22', working(5), '2022-04-24', '2022-04-28'],
    ['may be one day', '2022-06-13', working(1), '2022-06-14', '2022-06-14'],
    [
      'counts calendar days where the scheme says so',
      '2022-06-10',
      { days: 5, count: 'calendar' as const },
      '2022-06-11',
      '2022-06-15',
    ],
  ])('%s', (_, announced, rule, from, to) => {
    const period = publicityPeriod(day(announced), rule, plainCalendar)
    expect([formatDay(period.from), formatDay(period.to), period.known]).toEqual([from, to, true])
  })

  it('goes by the district’s own days off and make-up days', () => {
    const { from, to } = publicityPeriod(day('2022-06-10'), working(5), own.value)
    expect([formatDay(from), formatDay(to)]).toEqual(['2022-06-13', '2022-06-18'])
  })

  it('says when nobody has given the holidays of the year', () => {
    expect(publicityPeriod(day('2040-06-10'), working(5), plainCalendar).known).toBe(false)
  })

  it('is compared with the end of the phase that it should fit into', () => {
    const period = publicityPeriod(day('2022-06-10'), working(5), plainCalendar)
    expect([daysBeyond(period, day('2022-06-20')), daysBeyond(period, day('2022-06-16'))]).toEqual([0, 1])
  })
})

describe('a quota', () => {
  const rule = { per: 'town', each: 3, places: { 邾城街: 10, 空镇: 0 }, reserve: 0.2 } as const
  it.each([
    ['邾城街', 12, { places: 10, reserve: 2, over: 0 }],
    ['邾城街', 13, { places: 10, reserve: 2, over: 1 }],
    ['别的镇', 3, { places: 3, reserve: 0, over: 0 }],
    ['别的镇', 4, { places: 3, reserve: 0, over: 1 }],
    ['空镇', 1, { places: 0, reserve: 0, over: 1 }],
    ['constructor', 4, { places: 3, reserve: 0, over: 1 }],
  ])('%s with %d nominees', (group, used, meter) => {
    expect(quotaMeter(rule, group, used)).toMatchObject(meter)
  })

  it('is without limit where the scheme gives none', () => {
    expect(quotaMeter(undefined, '邾城街', 500)).toMatchObject({ places: undefined, over: 0 })
    expect(quotaMeter({ per: 'stage', places: {}, reserve: 0.2 }, '小学', 500)).toMatchObject({ over: 0 })
  })

  it('makes reserves of those nominated beyond the places', () => {
    const meter = quotaMeter(rule, '邾城街', 12)
    expect([isReserve(meter, 9), isReserve(meter, 10)]).toEqual([false, true])
  })
})

describe('a share that a notice asks for', () => {
  const rule = { name: '乡村教师', least: 0.35, towns: ['旧街街'], stages: ['特校'], schools: ['S9'] }
  const of = (town: string, stage = '小学', school = 'S1') => ({ school, town, stage })
  it.each([
    [
      'counts towns, stages and schools',
      [of('旧街街'), of('邾城街', '特校'), of('邾城街', '小学', 'S9')],
      3,
      false,
    ],
    ['warns below the least', [of('旧街街'), of('邾城街'), of('邾城街')], 1, true],
    [
      'is met by exactly the least',
      [
        ...Array<0>(7)
          .fill(0)
          .map(() => of('旧街街')),
        ...Array<0>(13)
          .fill(0)
          .map(() => of('邾城街')),
      ],
      7,
      false,
    ],
    ['says nothing where nobody is nominated', [], 0, false],
    ['does not take an unknown town for one', [{ school: 'S1' }], 0, true],
  ])('%s', (_, nominees, part, isBelow) => {
    expect(shareMeters([rule], nominees)).toEqual([
      { name: '乡村教师', least: 0.35, part, whole: nominees.length, isBelow },
    ])
  })
})

describe('a round', () => {
  const calm: AwardRoundFacts = {
    state: 'draft',
    unchecked: 0,
    openSheets: 0,
    openObjections: 0,
    upheldObjections: 0,
    publicityOver: true,
    undecided: 0,
  }
  const step = (
    state: AwardRoundState,
    to: AwardRoundState,
    facts: Partial<AwardRoundFacts> = {},
    reason = '',
  ) => stepRound({ ...calm, ...facts, state }, { to, reason })

  it('goes forward one step at a time', () => {
    for (const [at, state] of awardRoundStates.entries()) {
      const ways = awardRoundStates.filter((to) => step(state, to).ok)
      expect(ways).toEqual(awardRoundStates.slice(at + 1, at + 2))
    }
  })

  it('goes one step back with a reason, and from a decision on to a new publicity period only', () => {
    for (const [at, state] of awardRoundStates.entries()) {
      const ways = awardRoundStates.filter((to) => {
        const result = step(state, to, {}, '名单有误')
        return result.ok && result.back
      })
      const isDecided = at > awardRoundStates.indexOf('publicity')
      expect(ways).toEqual(isDecided ? ['publicity'] : awardRoundStates.slice(Math.max(at - 1, 0), at))
    }
  })

  it.each<[AwardRoundState, AwardRoundState, Partial<AwardRoundFacts>, string]>([
    ['nominating', 'draft', {}, 'reason-needed'],
    ['draft', 'judging', {}, 'no-such-step'],
    ['checking', 'judging', { unchecked: 2 }, 'unchecked-nominations'],
    ['judging', 'tallied', { openSheets: 3 }, 'open-sheets'],
    ['tallied', 'publicity', { undecided: 1 }, 'undecided-places'],
    ['publicity', 'decided', { openObjections: 1 }, 'objections-open'],
    ['publicity', 'decided', { upheldObjections: 1 }, 'objections-upheld'],
    ['publicity', 'decided', { publicityOver: false }, 'publicity-running'],
  ])('from %s to %s with %j is refused: %s', (state, to, facts, code) => {
    expect(step(state, to, facts)).toMatchObject({ ok: false, code })
  })

  it('is tallied with open sheets where staff insist', () => {
    const facts = { ...calm, state: 'judging', openSheets: 3 } as const
    expect(stepRound(facts, { to: 'tallied' }, true)).toEqual({ ok: true, state: 'tallied', back: false })
  })
})

describe('a nomination', () => {
  const facts: NominationFacts = {
    state: 'draft',
    round: 'nominating',
    deadline: day('2022-05-31'),
    today: day('2022-05-31'),
    meter: { group: '邾城街', places: 3, reserve: 0, used: 3, over: 0 },
  }
  it('is submitted on the last day of the deadline, not on the day after', () => {
    expect(actOnNomination(facts, 'submit')).toEqual({ ok: true, state: 'submitted' })
    expect(actOnNomination({ ...facts, today: facts.deadline + 1 }, 'submit')).toMatchObject({
      code: 'nominating-closed',
    })
  })

  it('is refused over the quota, with how many are too many', () => {
    const meter = { ...facts.meter, used: 5, over: 2 }
    expect(actOnNomination({ ...facts, meter }, 'submit')).toEqual({
      ok: false,
      code: 'quota-exceeded',
      params: { over: 2 },
    })
  })

  it('may be mended after the deadline when it was returned while it is checked', () => {
    const returned = { ...facts, state: 'returned', round: 'checking', today: facts.deadline + 3 } as const
    expect(actOnNomination(returned, 'submit')).toEqual({ ok: true, state: 'submitted' })
    expect(actOnNomination({ ...returned, round: 'judging' }, 'submit')).toMatchObject({ ok: false })
  })

  it('needs a reason to be returned or vetoed, and stays vetoed', () => {
    const submitted = { ...facts, state: 'submitted' } as const
    for (const act of ['return', 'veto'] as const) {
      expect(actOnNomination(submitted, act, ' ')).toMatchObject({ code: 'nomination-reason-needed' })
      expect(actOnNomination(submitted, act, '材料造假')).toMatchObject({ ok: true })
    }
    for (const act of ['submit', 'return', 'accept', 'withdraw', 'veto'] as const) {
      expect(actOnNomination({ ...facts, state: 'vetoed' }, act, '理由')).toMatchObject({
        code: 'not-in-this-state',
      })
    }
  })
})

describe('a sheet', () => {
  const rubric = {
    criteria: [
      { name: '布局设计', max: 10, text: '' },
      { name: '综合应用', max: 50, text: '' },
    ],
  }
  const facts: JudgeSheetFacts = { state: 'assigned', edit: 4, isOpen: true, conflict: undefined }

  it.each<[string, (number | null)[], string | undefined]>([
    ['full', [10, 50], undefined],
    ['zeros are filled in', [0, 0], undefined],
    ['blank is not 0', [8, null], 'criterion-blank'],
    ['missing at the end', [8], 'criterion-blank'],
    ['above the maximum', [11, 40], 'criterion-above-maximum'],
    ['below zero', [-1, 40], 'criterion-below-zero'],
    ['half a point', [7.5, 40], 'criterion-not-whole'],
  ])('%s', (_, points, code) => {
    expect(pointsFault(points, rubric)?.code).toBe(code)
    const result = changeSheet(facts, { act: 'submit', seen: 4, points }, rubric)
    expect(result).toMatchObject(code ? { ok: false, code } : { ok: true, state: 'submitted', edit: 5 })
  })

  it('is saved with blanks, not with impossible points', () => {
    expect(changeSheet(facts, { act: 'save', seen: 4, points: [8, null] }, rubric)).toMatchObject({
      state: 'draft',
    })
    expect(changeSheet(facts, { act: 'save', seen: 4, points: [80, null] }, rubric)).toMatchObject({
      ok: false,
    })
  })

  it('is not overwritten by a tab that has not seen the last change', () => {
    expect(changeSheet(facts, { act: 'save', seen: 3, points: [8, 40] }, rubric)).toMatchObject({
      code: 'sheet-changed-meanwhile',
    })
  })

  it.each<[string, Partial<JudgeSheetFacts>, Parameters<typeof changeSheet>[1], string]>([
    [
      'a conflict',
      { conflict: 'same-school' },
      { act: 'submit', seen: 4, points: [8, 40] },
      'sheet-conflict',
    ],
    ['after the tally', { isOpen: false }, { act: 'submit', seen: 4, points: [8, 40] }, 'sheet-closed'],
    [
      'reopening after the tally',
      { isOpen: false, state: 'submitted' },
      { act: 'reopen', seen: 4 },
      'sheet-closed',
    ],
    ['recusing without a reason', {}, { act: 'recuse', seen: 4 }, 'sheet-reason-needed'],
    [
      'submitting twice',
      { state: 'submitted' },
      { act: 'submit', seen: 4, points: [8, 40] },
      'sheet-not-in-this-state',
    ],
    ['a void one', { state: 'voided' }, { act: 'reopen', seen: 4 }, 'sheet-not-in-this-state'],
  ])('is refused: %s', (_, more, change, code) => {
    expect(changeSheet({ ...facts, ...more }, change, rubric)).toMatchObject({ ok: false, code })
  })

  it('may be recused in spite of a conflict, and be void by staff after the tally', () => {
    expect(
      changeSheet({ ...facts, conflict: 'declared' }, { act: 'recuse', seen: 4, reason: '亲属' }, rubric).ok,
    ).toBe(true)
    const over = { ...facts, state: 'submitted', isOpen: false } as const
    expect(changeSheet(over, { act: 'void', seen: 4, reason: '代评' }, rubric)).toMatchObject({
      state: 'voided',
    })
  })
})

describe('an objection', () => {
  it('is closed once, with an answer', () => {
    expect(stepObjection('received', 'investigating')).toEqual({ ok: true, state: 'investigating' })
    expect(stepObjection('investigating', 'upheld', ' ')).toEqual({ ok: false, code: 'answer-needed' })
    expect(stepObjection('received', 'rejected', '经核查，数据无误')).toMatchObject({ ok: true })
    expect(stepObjection('rejected', 'upheld', '再查')).toEqual({ ok: false, code: 'objection-closed' })
  })

  it('is named and can be answered', () => {
    expect(checkObjector({ name: '张', contact: '13800005678' })).toBe('name-needed')
    expect(checkObjector({ name: '张三', contact: '无' })).toBe('contact-needed')
    expect(checkObjector({ name: '第一小学', contact: '027-8758' })).toBeUndefined()
  })
})
