import type { Translate } from '@space-assistant/core/text/translate'
import { figure } from '@space-assistant/core/text/figure'
import { nameFor } from '@space-assistant/core/access/visibility'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { RescoreDifference } from '@space-assistant/core/scoring/board'
import { changedRequirements } from '@space-assistant/core/scheme/change'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import words from './words.json'

const LISTED = 6

/** Whose scores other rules would change, the largest changes first. */
export function differenceLines(
  ctx: Context,
  scheme: Scheme,
  { viewer, say }: { viewer: Viewer; say: Translate },
): string[] {
  const { active } = ctx.schemes
  const { members, schools } = ctx.scoreboard.rescorePreview(scheme)
  const people = new Set(members.map(({ account }) => account)).size
  const lines =
    people || schools.length
      ? [say('title', { name: scheme.name, members: people, schools: schools.length })]
      : [say('same', { name: active.name })]
  lines.push(...largest(schools).map((one) => schoolLine(ctx, one, say)))
  lines.push(...largest(members).map((one) => memberLine(ctx, one, { viewer, say })))
  if (members.length > LISTED || schools.length > LISTED) lines.push(say('more'))
  const judged = changedRequirements(active, scheme)
  if (judged.length) lines.push(say('requirements', { indicators: judged.join(say('and')) }))
  return lines
}

function schoolLine(ctx: Context, one: RescoreDifference['schools'][number], say: Translate): string {
  const name = ctx.roster.school(one.code)?.name ?? one.code
  const shown = (score: number | null) => (score === null ? say('none') : figure(score))
  return say('school', { name, before: shown(one.before), after: shown(one.after) })
}

function memberLine(
  ctx: Context,
  one: RescoreDifference['members'][number],
  { viewer, say }: { viewer: Viewer; say: Translate },
): string {
  const member = ctx.roster.member(one.account)
  const town = member && ctx.roster.school(member.school)?.town
  const name = member && nameFor(viewer, { ...member, ...(town !== undefined && { town }) })
  const [before, after] = [figure(one.before), figure(one.after)]
  return say('member', { name: name ?? one.account, role: words.roles[one.role], before, after })
}

function largest<T extends { before: number | null; after: number | null }>(list: readonly T[]): T[] {
  const size = ({ before, after }: T) => Math.abs((after ?? 0) - (before ?? 0))
  return [...list].sort((a, b) => size(b) - size(a)).slice(0, LISTED)
}
