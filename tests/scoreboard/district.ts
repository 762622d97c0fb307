import type { RecordRow, RosterRow } from '@space-assistant/core/formats/rows'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Context } from 'koishi'
import * as roster from 'koishi-plugin-space-roster'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** The scheme of a file in config/. */
export function schemeOf(id: string): Scheme {
  const file = resolve(import.meta.dirname, `../../config/schemes/${id}.yml`)
  const result = loadScheme(readFileSync(file, 'utf8'), `${id}.yml`)
  if (!result.ok) throw new Error(JSON.stringify(result))
  return result.value
}

/** Roster and scoreboard over a scheme that a test may exchange; `schemes.active` is what `ctx.schemes` says. */
export function loadServices(app: Context, schemes: { active: Scheme }): void {
  app.provide('schemes')
  app.set('schemes', schemes as never)
  app.plugin(roster, { pollSeconds: 1 })
  app.plugin(scoreboard, { pollSeconds: 1 })
}

export async function services(app: Context): Promise<void> {
  await new Promise<void>((resolve) => app.inject(['roster', 'scoreboard'], () => resolve()))
}

export function person(account: string, school: string, more: Partial<RosterRow> = {}): RosterRow {
  return {
    row: 1,
    schoolCode: school,
    schoolName: `学校${school}`,
    name: `教师${account}`,
    account,
    roles: ['teacher'],
    state: 'active',
    ...more,
  }
}

export function record(
  account: string,
  indicator: string,
  day: number,
  more: Partial<RecordRow> = {},
): RecordRow {
  return { row: 1, account, indicator, day, count: 1, attributes: {}, valid: true, ...more }
}
