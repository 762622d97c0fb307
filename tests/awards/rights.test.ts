import { describe, expect, it } from 'vitest'
import { judgeReminderOn } from '@space-assistant/core/awards/judge-reminder'
import { decideAwardAccess } from '@space-assistant/core/awards/rights'
import type { Grant, Viewer } from '@space-assistant/core/access/viewer'

describe('who may nominate', () => {
  const frame = { state: 'nominating' as const, nominatingStages: ['高中'] }
  const of = (stage: string) => ({ school: 'S1', town: '城关镇', stage })
  const viewer = (grants: Grant[], place: Viewer['place'] = { kind: 'private' }): Viewer => ({
    ...{ account: '1', grants, place },
  })
  const town: Grant = { kind: 'town', town: '城关镇' }
  const elsewhere: Grant = { kind: 'town', town: '东门镇' }
  const own: Grant = { kind: 'administrator', school: 'S1', account: '1' }
  const other: Grant = { kind: 'administrator', school: 'S2', account: '1' }
  const teacher: Grant = { kind: 'teacher', school: 'S1', account: '1' }

  it.each<[string, Viewer, string, string]>([
    ['the office of the town', viewer([town]), '小学', 'allowed'],
    ['no other office', viewer([elsewhere]), '小学', 'other-unit'],
    ['the administrator of a school that nominates itself', viewer([own]), '高中', 'allowed'],
    ['no administrator of a school that does not', viewer([own]), '小学', 'other-unit'],
    ['no administrator of another school', viewer([other]), '高中', 'other-unit'],
    ['no teacher', viewer([teacher]), '高中', 'not-a-nominator'],
    [
      'nobody where others read along',
      viewer([town], { kind: 'group', purpose: 'exchange' }),
      '小学',
      'private-only',
    ],
    ['no stranger', { grants: [], place: { kind: 'private' } }, '高中', 'not-bound'],
  ])('%s', (_, who, stage, expected) => {
    const access = decideAwardAccess(who, { kind: 'nominate', nominee: of(stage) }, frame)
    expect(access.allowed ? 'allowed' : access.code).toBe(expected)
  })
})

describe('judges are reminded', () => {
  it.each<[string, number, [from: number, to: number], string | undefined]>([
    ['not before', 99, [100, 120], undefined],
    ['on the first day', 100, [100, 120], 'start'],
    ['in the middle', 110, [100, 120], 'half'],
    ['on no other day', 111, [100, 120], undefined],
    ['three days before the last', 117, [100, 120], 'left-3'],
    ['not two days before the last', 118, [100, 120], undefined],
    ['the day before the last', 119, [100, 120], 'left-1'],
    ['on the last day', 120, [100, 120], 'left-0'],
    ['not after', 121, [100, 120], undefined],
    ['of the end where everything is one day', 100, [100, 100], 'left-0'],
    ['of the end first where it begins three days before', 100, [100, 103], 'left-3'],
  ])('%s', (_, day, [from, to], kind) => {
    expect(judgeReminderOn(day, { from, to })).toBe(kind)
  })
})
