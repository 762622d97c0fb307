import { parseMinute } from '../calendar/clock'

const DEFAULT_MINUTE = 3 * 60 + 10
const DEFAULT_DAYS = 14

/** When the nightly backup is made (minute of the local day), and how many days backups are kept; 0 makes none. */
export interface BackupSettings {
  minute: number
  days: number
}

/** From BACKUP_TIME and BACKUP_DAYS; what is left out or senseless counts as not set. */
export function parseBackupSettings(settings: Readonly<Record<string, string | undefined>>): BackupSettings {
  const days = settings['BACKUP_DAYS']?.trim() ?? ''
  return {
    minute: parseMinute(settings['BACKUP_TIME'] ?? '') ?? DEFAULT_MINUTE,
    days: /^\d{1,4}$/.test(days) ? Number(days) : DEFAULT_DAYS,
  }
}
