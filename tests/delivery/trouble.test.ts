import {
  AbsenceBook,
  DEAF_MS,
  OFFLINE_MS,
  orderStaffChats,
  seemsDeaf,
} from '@space-assistant/core/delivery/trouble'
import { describe, expect, it, test } from 'vitest'

const chat = (platform: string, online: boolean) => ({ platform, selfId: '1', channelId: 'c', online })

test('another way than the broken one comes first, then what works, the broken one last', () => {
  const chats = [chat('onebot', true), chat('qq', false), chat('wecom-webhook', true)]
  expect(orderStaffChats(chats, 'onebot:1').map(({ platform }) => platform)).toEqual([
    'wecom-webhook',
    'qq',
    'onebot',
  ])
})

test('a connection that is away for five minutes is told once, until it has been back', () => {
  const book = new AbsenceBook()
  expect(book.note('a', false, 0)).toBe(false)
  expect(book.note('a', false, OFFLINE_MS - 1)).toBe(false)
  expect(book.note('a', false, OFFLINE_MS)).toBe(true)
  expect(book.note('a', false, OFFLINE_MS * 2)).toBe(false)
  expect(book.awayFor('a', OFFLINE_MS)).toBe(OFFLINE_MS)
  book.note('a', true, OFFLINE_MS * 3)
  expect(book.note('a', false, OFFLINE_MS * 3)).toBe(false)
  expect(book.note('a', false, OFFLINE_MS * 4)).toBe(true)
})

test('a clock that is set back neither tells at once nor never', () => {
  const book = new AbsenceBook()
  book.note('a', false, 3_600_000)
  expect(book.note('a', false, 0)).toBe(false)
  expect(book.note('a', false, OFFLINE_MS)).toBe(true)
})

describe('a connection that may be deaf', () => {
  const now = 10 * DEAF_MS
  const long = now - DEAF_MS
  it.each([
    ['sends much and hears nobody', { heardAt: long, since: 0, sentSince: 20 }, true],
    ['has never heard anybody since the start', { heardAt: undefined, since: long, sentSince: 20 }, true],
    ['says little', { heardAt: long, since: 0, sentSince: 19 }, false],
    ['was spoken to yesterday', { heardAt: long + 1, since: 0, sentSince: 500 }, false],
    ['has just been started', { heardAt: undefined, since: now - 1, sentSince: 500 }, false],
  ])('%s', (_, traffic, deaf) => expect(seemsDeaf(traffic, now)).toBe(deaf))
})
