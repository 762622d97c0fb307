import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-scoreboard'
import { shellViewer } from './services'
import { text } from './text'

/** What an installation may still be without, in the order in which it is got. */
export const lacks = ['roster', 'records', 'staff', 'exchange-group', 'support-group'] as const
export type InstallationLack = (typeof lacks)[number]

/** The services that are asked. */
export const lackServices = ['roster', 'scoreboard', 'access'] as const

/** What is not there yet; nobody's name is part of it. */
export async function findLacks(ctx: Context): Promise<InstallationLack[]> {
  const { access, roster, scoreboard } = ctx
  const grants = await access.grants.list(shellViewer)
  const groups = await access.groups.list()
  const there: Record<InstallationLack, boolean> = {
    roster: roster.members().length > 0,
    records: scoreboard.dataUntil !== undefined,
    staff: grants.ok && grants.value.some(({ kind }) => kind === 'staff'),
    'exchange-group': groups.some(({ purpose }) => purpose === 'exchange'),
    'support-group': groups.some(({ purpose }) => purpose === 'support'),
  }
  return lacks.filter((lack) => !there[lack])
}

/** Each with what to do about it. */
export function describeLacks(found: readonly InstallationLack[]): string[] {
  return found.map((lack) => text(`lack-${lack}`))
}
