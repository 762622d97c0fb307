import { describe, expect, it } from 'vitest'
import { PeopleIndex, compareCodes } from '@space-assistant/core/scoring/people'
import type { Member } from '@space-assistant/core/roster/member'

describe('codes in order', () => {
  it.each([
    ['a before b', 'a', 'b'],
    ['a beginning before what goes on', 'a', 'aa'],
    ['digits by their place, not by their value', '10', '9'],
    ['a full-width sign before an emoji, whose first half is a smaller unit', '\uff10', '\u{1f600}'],
  ])('%s', (_, first, second) => {
    expect(compareCodes(first, second)).toBeLessThan(0)
    expect(compareCodes(second, first)).toBeGreaterThan(0)
  })

  it('are equal only to themselves', () => {
    expect(compareCodes('a1', 'a1')).toBe(0)
  })
})

it('active members stand in order of their accounts, whatever the order of the roster', () => {
  const member = (account: string, state: Member['state'] = 'active'): Member => ({
    account,
    name: account,
    school: 'S',
    state,
    roles: ['teacher'],
  })
  const people = new PeopleIndex()
  people.set([member('c'), member('a'), member('d', 'retired'), member('b')], [])
  expect([...people.active.teacher].map((slot) => people.accounts[slot])).toEqual(['a', 'b', 'c'])
  expect([...people.active.administrator]).toEqual([])
  expect([...people.headcounts]).toEqual([3])
})
