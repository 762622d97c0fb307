import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { Session } from 'koishi'
import { expect, it } from 'vitest'
import { Pages } from '../../plugins/ranking/pages'

const session = { platform: 'mock', channelId: 'c', userId: 'u' } as Session

const question = (page: RankingQuestion['page'], more: Partial<RankingQuestion> = {}): RankingQuestion => ({
  scope: { kind: 'district' },
  of: 'teacher',
  window: { kind: 'period', from: 1, to: 365 },
  page,
  given: ['scope', 'of', 'page'],
  ...more,
})

const schools = { of: 'school', given: ['of', 'page'] } as const

it('turns from the page that was shown of the same question, and of another from the first', () => {
  const pages = new Pages()
  pages.note(session, 'ranking', { question: question(3), page: 3 })
  expect(pages.resolve(session, 'ranking', question('next')).page).toBe(4)
  expect(pages.resolve(session, 'ranking', question('next', schools)).page).toBe(2)
  expect(pages.resolve(session, 'ranking', question('next', { given: ['page'] }))).toMatchObject({
    of: 'teacher',
    page: 4,
  })
})

it('repeats a question about a member for that member only', () => {
  const pages = new Pages()
  const bare = question('next', { given: ['page'] })
  pages.note(session, 'details', { question: { ...question(2), account: 'a' }, page: 2 })
  expect(pages.resolve(session, 'details', bare)).toMatchObject({ account: 'a', page: 3 })
  expect(pages.resolve(session, 'details', { ...bare, account: 'a' })).toMatchObject({
    account: 'a',
    page: 3,
  })
  expect(pages.resolve(session, 'details', { ...bare, account: 'b' })).toMatchObject({
    account: 'b',
    page: 2,
  })
})
