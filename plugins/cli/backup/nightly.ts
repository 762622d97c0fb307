import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { dayOf, minuteOf } from '@space-assistant/core/calendar/day'
import { parseBackupSettings } from '@space-assistant/core/storage/backup-settings'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type {} from 'koishi-plugin-space-outbox'
import { root } from '../house'
import { isDiskShort } from '../storage'
import { backupDir } from './data-folder'
import { listNightly } from './nightly-files'

const LOOK_MS = 10 * 60_000
/** After one that failed. */
const AGAIN_MS = 60 * 60_000

/** Whether a backup is due: none of today, and its time has come; one that a stopped bot has missed is made up for. */
export function isBackupDue(now: Date, newestDay: number | undefined, minute: number): boolean {
  return minuteOf(now) >= minute && (newestDay === undefined || newestDay < dayOf(now))
}

/** Makes a backup every night, in a process of its own, and tells staff when that fails or the disk is short. */
export function backUpNightly(ctx: Context): void {
  const { minute, days } = parseBackupSettings(process.env)
  if (!days) return
  const log = ctx.logger('space-backup')
  let pauseUntil = 0
  let running = false
  const look = async () => {
    const now = new Date()
    const [newest] = listNightly(backupDir())
    if (running || Number(now) < pauseUntil || !isBackupDue(now, newest?.day, minute)) return
    // Of several processes on one database one makes it.
    if ((await ctx.serial('space/lead', 'backup')) === 'follow') return
    running = true
    pauseUntil = Number(now) + AGAIN_MS
    const reason = await backUp().catch((error: Error) => error.message)
    running = false
    if (reason !== undefined) {
      log.error('%s', reason)
      ctx.emit('space/trouble', { platform: 'database', selfId: '', what: 'backup-failed' })
    } else log.info('done')
    if (isDiskShort(backupDir()))
      ctx.emit('space/trouble', { platform: 'database', selfId: '', what: 'disk-short' })
  }
  ctx.setInterval(() => void look().catch((error: Error) => log.error('%s', error.message)), LOOK_MS)
}

/** What went wrong, if anything did. */
async function backUp(): Promise<string | undefined> {
  const command = [join(root, 'plugins/cli/bin.cjs'), 'backup', '--nightly']
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] })
  const complaint = textOf(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  return code === 0 ? undefined : (await complaint).trim().slice(0, 500) || `exit ${code}`
}
