import { nearest } from '../text/nearest'

/** Settings that turn a platform on, and what it needs beside. */
const platforms: Record<string, readonly string[]> = {
  QQ_ID: ['QQ_SECRET'],
  ONEBOT_SELF_ID: [],
  WECOM_BOT_ID: ['WECOM_BOT_SECRET'],
  WECOM_WEBHOOKS: [],
}

/** What belongs to a platform and does nothing while the platform is off. */
const parts: Record<string, string> = {
  QQ_SECRET: 'QQ_ID',
  ONEBOT_TOKEN: 'ONEBOT_SELF_ID',
  WECOM_BOT_SECRET: 'WECOM_BOT_ID',
}

export type EnvironmentCode =
  | 'wide-colon'
  | 'no-equals'
  | 'unknown'
  | 'port'
  | 'choice'
  | 'needs'
  | 'off'
  | 'open-door'
  | 'no-platform'
  | 'days'
  | 'time'

/** A mistake in the settings; `line` is 1-based and missing where nothing of the file is meant. */
export interface EnvironmentProblem {
  code: EnvironmentCode
  line?: number | undefined
  /** Nothing is wrong, but it may not be what was meant. */
  hint?: true
  params: Record<string, string | number>
}

/** What is looked at: the text of `.env`, the settings as they count, and the names there are. */
export interface EnvironmentSource {
  text: string
  settings: Readonly<Record<string, string | undefined>>
  known: readonly string[]
}

/** Names of the settings in a text of the form of `.env`, such as `.env.example`, which lists them all. */
export function readSettingNames(text: string): string[] {
  return [...text.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name)
}

/**
 * Looks at the text of `.env` line by line and at the settings as they count, the environment of the process
 * included: mistyped names, a full-width colon, what one platform's settings need of each other.
 */
export function checkEnvironment({ text, settings, known }: EnvironmentSource): EnvironmentProblem[] {
  const lines = text.split('\n').flatMap((line, index) => checkLine(line, index + 1, known))
  return [...lines, ...checkSettings(settings)]
}

function checkLine(text: string, line: number, names: readonly string[]): EnvironmentProblem[] {
  const content = text.replace(/^\uFEFF/, '').trim()
  if (!content || content.startsWith('#')) return []
  const name = /^(?:export\s+)?([^=\s:\uFF1A\uFF1D]+)/.exec(content)?.[1] ?? content
  const rest = content.slice(content.indexOf(name) + name.length).trimStart()
  // The colon and the equals sign of Chinese input methods.
  if (/^[\uFF1A\uFF1D:]/.test(rest)) return [{ code: 'wide-colon', line, params: { name } }]
  if (!rest.startsWith('=')) return [{ code: 'no-equals', line, params: { name } }]
  if (names.includes(name) || /^SPACE_[A-Z]+$|^TZ$|^NODE_OPTIONS$/.test(name)) return []
  const near = nearest(name.toUpperCase(), names) ?? ''
  return [{ code: 'unknown', line, params: { name, near } }]
}

function checkSettings(settings: Readonly<Record<string, string | undefined>>): EnvironmentProblem[] {
  const problems: EnvironmentProblem[] = []
  const has = (name: string) => Boolean(settings[name]?.trim())
  for (const name of ['PORT', 'MYSQL_PORT']) {
    const given = settings[name]
    if (given && parsePort(given) === undefined) problems.push({ code: 'port', params: { name, given } })
  }
  const days = settings['BACKUP_DAYS'] ?? ''
  if (days && !/^\d{1,4}$/.test(days.trim()))
    problems.push({ code: 'days', params: { name: 'BACKUP_DAYS', given: days } })
  const time = settings['BACKUP_TIME'] ?? ''
  if (time && !/^([01]?\d|2[0-3]):[0-5]\d$/.test(time.trim()))
    problems.push({ code: 'time', params: { name: 'BACKUP_TIME', given: time } })
  const protocol = settings['ONEBOT_PROTOCOL'] ?? ''
  if (protocol && !['ws', 'ws-reverse'].includes(protocol)) {
    problems.push({
      code: 'choice',
      params: { name: 'ONEBOT_PROTOCOL', given: protocol, permitted: 'ws, ws-reverse' },
    })
  }
  for (const [name, needed] of Object.entries(platforms)) {
    for (const other of needed)
      if (has(name) && !has(other)) problems.push({ code: 'needs', params: { name, other } })
  }
  if (has('ONEBOT_SELF_ID') && protocol === 'ws' && !has('ONEBOT_ENDPOINT')) {
    problems.push({ code: 'needs', params: { name: 'ONEBOT_PROTOCOL=ws', other: 'ONEBOT_ENDPOINT' } })
  }
  // Anybody on the machine could otherwise connect and speak for staff.
  if (has('ONEBOT_SELF_ID') && protocol !== 'ws' && !has('ONEBOT_TOKEN')) {
    problems.push({ code: 'open-door', params: { name: 'ONEBOT_TOKEN' } })
  }
  for (const [name, owner] of Object.entries(parts)) {
    if (has(name) && !has(owner)) problems.push({ code: 'off', hint: true, params: { name, owner } })
  }
  if (!Object.keys(platforms).some(has)) problems.push({ code: 'no-platform', hint: true, params: {} })
  return problems
}

/** A port (1-65535), or undefined when the text is none. */
export function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}
