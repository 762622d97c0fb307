// The awards of `district.ts` with a clock that the test sets.
import { vi } from 'vitest'
import type { AwardActor } from '../../plugins/awards/frame'
import type { TestApp } from '../reminders/app'
import { chatBot, openAwards } from './district'
import type { AwardAppOptions } from './district'

export const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)

/** One of the judges, by the chat account that the code was given to. */
export const judgeActor = (name: string): AwardActor => ({
  name,
  viewer: { grants: [{ kind: 'judge', account: '' }], place: { kind: 'private' } },
  chat: { ...chatBot, userId: `j${name.slice(-1)}` },
})

export interface AwardApp extends TestApp {
  /** What somebody says in private, and the answer. */
  say(user: string, text: string): Promise<string>
  as(time: string): void
}

export async function startAwards(time: string, options: AwardAppOptions = {}): Promise<AwardApp> {
  vi.useFakeTimers({ toFake: ['Date'], now: at(time) })
  const test = await openAwards(options)
  return {
    ...test,
    say: (user, text) => test.bot.say(user, text),
    as: (now) => vi.setSystemTime(at(now)),
    async stop() {
      await test.stop()
      vi.useRealTimers()
    },
  }
}
