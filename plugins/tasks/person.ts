import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { Member } from '@space-assistant/core/roster/member'
import { joinTaskLines, taskKey, taskRefusal } from './frame'
import type { TaskContext } from './frame'
import { ownTasks } from './own'

/** What one person still has to do, for whoever may see the tasks of that person's school. */
export function answerPersonTasks(frame: TaskContext, given: string): string {
  const { ctx, say, viewer } = frame
  const asked = Array.from(given).slice(0, 12).join('')
  const found = ctx.roster.findMembers(given)
  const visible = found.filter((member) => viewer.account === member.account || decide(frame, member).allowed)
  // Whether somebody of this name is elsewhere is not told.
  if (!visible.length) {
    const anybody = decideAccess(viewer, { kind: 'own-figures' })
    const isStranger = viewer.account === undefined && !viewer.grants.length
    return isStranger && !anybody.allowed
      ? taskRefusal(frame, anybody)
      : say(taskKey('person.nobody'), { given: asked })
  }
  const [member, ...others] = visible
  if (!member || others.length)
    return say(taskKey('person.namesakes'), { given: asked, count: visible.length })
  const whose = { ...ctx.access.whose(member), name: member.name }
  const name = nameFor(viewer, whose) ?? '*'
  if (member.state !== 'active') return say(taskKey('person.not-active'), { name })
  return joinTaskLines([say(taskKey('person.head'), { name }), ownTasks(frame, member)])
}

function decide({ ctx, viewer }: TaskContext, member: Member) {
  const { school, town } = ctx.access.whose(member)
  return decideAccess(viewer, {
    kind: 'member-list',
    scope: { kind: 'school', school, ...(town !== undefined && { town }) },
  })
}
