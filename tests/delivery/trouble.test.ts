import { AbsenceBook, OFFLINE_MS, orderStaffChats } from '@space-assistant/core/delivery/trouble'
import { expect, test } from 'vitest'

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
