import { schedule } from 'node-cron'
import type { Context } from 'koishi'
import type { Planner } from './planner'

/**
 * Looks once a minute whether an occasion is open; among several processes one looks. What was missed while nobody ran
 * is found by the same look, since an occasion stays open until its evening and is planned once.
 */
export function startClock(ctx: Context, planner: Planner): void {
  const log = ctx.logger('space-reminders')
  const look = async () => {
    try {
      await planner.tick()
    } catch (error) {
      // The next minute tries again: nothing is lost, since each batch is written whole or not at all.
      log.warn('planning failed: %s', error instanceof Error ? error.name : 'error')
    }
  }
  const task = schedule('* * * * *', look, {
    name: 'space-reminders',
    timezone: 'Asia/Shanghai',
    noOverlap: true,
    distributed: true,
    suppressMissedWarning: true,
    unref: true,
    runCoordinator: {
      // Most minutes nothing is open, and nobody asks the database.
      shouldRun: async (tick) => {
        const now = new Date()
        return planner.open(now).length > 0 && planner.claims.elect(tick)
      },
    },
    logger: {
      info: () => undefined,
      debug: () => undefined,
      warn: (message) => log.debug(message),
      error: (message) => log.warn('the clock: %s', message instanceof Error ? message.name : message),
    },
  })
  ctx.on('dispose', () => void task.destroy())
  // What was due while nobody ran; the claims of other processes are respected.
  void look()
}
