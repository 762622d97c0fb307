import { known, participates } from '@space-assistant/core/access/visibility'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { joinTaskLines, taskKey } from './frame'
import type { TaskContext } from './frame'
import words from './words.json'

/** What somebody can ask here, by what they are; only commands that there are. */
export function helpAnswer({ ctx, say, session, viewer }: TaskContext, text: string): string {
  const there = words.help.filter(({ command }) => ctx.$commander.get(command))
  const asked = there.find(({ command }) => text.replace(/^[\s/]+/, '').trim() === command)
  if (asked) return say(taskKey(`help.more.${asked.command}`))
  const roles = rolesOf(viewer)
  if (participates(viewer)) roles.add('participant')
  const lines = there
    .filter((entry) => entry.for.includes('all') || entry.for.some((role) => roles.has(role)))
    .map(({ command }) => say(taskKey(`help.line.${command}`)))
  return joinTaskLines([
    say(taskKey(known(viewer) ? 'help.head' : 'help.head-unbound')),
    ...lines,
    say(taskKey(session.isDirect ? 'help.foot-private' : 'help.foot-group')),
  ])
}

function rolesOf({ grants, account }: Viewer): Set<string> {
  const roles = new Set<string>(grants.map((grant) => grant.kind))
  // Somebody retired is bound without a role and may still ask for the own points.
  if (account !== undefined) roles.add('teacher')
  return roles
}
