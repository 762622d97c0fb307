import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { formatDay } from '@space-assistant/core/calendar/day'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataDir } from './house'
import { portOf } from './port'
import { text } from './text'

/** As koishi.yml has it. */
export const DEFAULT_SCHEME = 'xinzhou-2022'

const setting = (name: string) => process.env[name]?.trim() ?? ''

/** Which rules, database, page and platforms this installation has, each in a sentence with its address. */
export function describeInstallation(schemes: readonly Scheme[]): string[] {
  return [schemeLine(schemes), databaseLine(), ...forgottenLines(), pageLine(), ...platformLines()]
}

function schemeLine(schemes: readonly Scheme[]): string {
  const id = setting('SCHEME') || DEFAULT_SCHEME
  const scheme = schemes.find((one) => one.id === id)
  if (!scheme) return text('installed-scheme-unread', { id })
  const { name, period } = scheme
  return text('installed-scheme', { id, name, from: formatDay(period.from), to: formatDay(period.to) })
}

function databaseLine(): string {
  const host = setting('MYSQL_HOST')
  if (!host) return text('installed-sqlite', { file: join(dataDir(), 'space.db') })
  const database = setting('MYSQL_DATABASE') || 'space'
  return text('installed-mysql', { host, port: setting('MYSQL_PORT') || 3306, database })
}

/** The file of the embedded database while MySQL is set: somebody has changed over and left the data behind. */
function forgottenLines(): string[] {
  const file = join(dataDir(), 'space.db')
  return setting('MYSQL_HOST') && existsSync(file) ? [text('move-forgotten', { file })] : []
}

function pageLine(): string {
  const url = setting('PAGE_URL')
  return url ? text('installed-page', { url }) : text('installed-page-local', { port: portOf() })
}

/** Addresses are shown without what may be a secret in them: the part behind the path. */
function shownAddress(url: string): string {
  return url.replace(/[?#].*$/, '').replace(/\/\/[^/@]*@/, '//')
}

function platformLines(): string[] {
  const lines: string[] = []
  const onebot = setting('ONEBOT_SELF_ID')
  if (onebot && setting('ONEBOT_PROTOCOL') === 'ws') {
    const address = shownAddress(setting('ONEBOT_ENDPOINT'))
    lines.push(text('installed-onebot-forward', { id: onebot, address }))
  } else if (onebot) {
    const address = `ws://127.0.0.1:${portOf()}${setting('ONEBOT_PATH') || '/onebot'}`
    lines.push(text('installed-onebot-reverse', { id: onebot, address }))
  }
  const qq = setting('QQ_ID')
  const sandbox = ['1', 'true'].includes(setting('QQ_SANDBOX'))
  if (qq) lines.push(text(sandbox ? 'installed-qq-sandbox' : 'installed-qq', { id: qq }))
  if (setting('WECOM_BOT_ID')) lines.push(text('installed-wecom', { id: setting('WECOM_BOT_ID') }))
  const webhooks = setting('WECOM_WEBHOOKS')
    .split(',')
    .flatMap((one) => one.split('=')[0]?.trim() || [])
  if (webhooks.length) lines.push(text('installed-webhooks', { names: webhooks.join(text('list-join')) }))
  return lines
}
