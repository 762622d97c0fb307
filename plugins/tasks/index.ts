import { LocalizedTexts } from '@space-assistant/core/delivery/wording'
import { dayOf } from '@space-assistant/core/calendar/day'
import { isStaff, schoolOfViewer, townsOf } from '@space-assistant/core/access/viewer'
import { readAside } from '@space-assistant/core/access/aside'
import { decideAccess, strangerRefusal } from '@space-assistant/core/access/visibility'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { handOverTasks, joinTaskLines, taskKey, taskRefusal } from './frame'
import type { TaskContext, TaskServices } from './frame'
import { calendarAnswer } from './school-week'
import { taskIntents } from './intents'
import type { TaskScope } from './intents'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { ownTasks } from './own'
import { phasesAnswer } from './phases'
import { areaAnswer, answerSchoolTasks } from './school'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export const name = 'space-tasks'
export const inject = ['schemes', 'roster', 'scoreboard', 'access', 'conversation']

/** What is still to do, where the activity stands, and what can be asked. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const { tasks, phases, calendar } = words.commands
  const { roster, scoreboard, schemes, access, conversation } = ctx
  const services = { roster, scoreboard, schemes, access, conversation }
  const declare = (command: string, answer: (frame: TaskContext, text: string) => string) => {
    ctx
      .command(`${command} [text:rawtext]`, { captureQuote: false })
      .action(async ({ session }, text = '') => {
        const frame = await frameOf(services, present(session, 'session'))
        return h.text(await handOverTasks(frame, answer(frame, text)))
      })
  }
  declare(tasks, tasksAnswer)
  declare(phases, phasesAnswer)
  declare(calendar, calendarAnswer)
  ctx.effect(() =>
    conversation.register({
      texts: 'space-tasks',
      help: words.help,
      intents: taskIntents((session) => frameOf(services, session), answerOf),
    }),
  )
}

const wordings = new LocalizedTexts({ 'zh-CN': zhCN, 'en-US': enUS })

async function frameOf(ctx: TaskServices, session: Session): Promise<TaskContext> {
  const viewer = await ctx.access.viewer(session)
  return {
    ctx,
    session,
    say: ctx.conversation.sayer(session, wordings),
    viewer,
    aside: false,
    today: dayOf(new Date()),
  }
}

/** The scope that a text names: of a school by its name, or by a word for the own one. */
function scopeOf(text: string): TaskScope | undefined {
  const word = text.trim()
  return (Object.keys(words.scope) as TaskScope[]).find((each) => words.scope[each].includes(word))
}

function tasksAnswer(frame: TaskContext, text: string): string {
  const { ctx, say } = frame
  const scope = scopeOf(text)
  const given = text.trim()
  if (given && !scope) {
    const town = townOf(frame, given)
    if (town !== undefined) return areaAnswer(frame, town, town)
    const schools = ctx.roster.findSchools(given)
    const [school] = schools
    if (school && schools.length === 1) return answerSchoolTasks(frame, school.code)
    const near = schools.length ? schools : ctx.roster.suggestSchools(given)
    const key = schools.length ? 'several-schools' : near.length ? 'unknown-near' : 'not-understood'
    const names = near.slice(0, 4).map((each) => each.name)
    return say(taskKey(key), {
      given: Array.from(given).slice(0, 12).join(''),
      names: names.join(say(taskKey('and'))),
    })
  }
  return answerOf(frame, scope ?? defaultScope(frame))
}

function defaultScope({ viewer }: TaskContext): TaskScope {
  if (viewer.account !== undefined) return 'self'
  if (isStaff(viewer)) return 'district'
  return townsOf(viewer).length ? 'own-town' : 'self'
}

function answerOf(frame: TaskContext, scope: TaskScope): string {
  const { ctx, say, viewer } = frame
  switch (scope) {
    case 'self': {
      const member = viewer.account === undefined ? undefined : ctx.roster.member(viewer.account)
      if (!member)
        return taskRefusal(frame, {
          code: viewer.grants.length ? 'no-account' : strangerRefusal(viewer),
          params: {},
        })
      if (member.state !== 'active') return say(taskKey('own.not-active'))
      readAside(frame, member.school)
      const { from, to } = ctx.schemes.active.period
      const more =
        frame.today >= from &&
        frame.today <= to &&
        viewer.grants.some((grant) => grant.kind === 'administrator') &&
        say(taskKey('own.see-school'))
      return joinTaskLines([ownTasks(frame, member), more])
    }
    case 'own-school': {
      const { place } = viewer
      const code = schoolOfViewer(viewer) ?? (place.kind === 'group' ? place.school : undefined)
      return code === undefined ? unnamed(frame, 'no-own-school') : answerSchoolTasks(frame, code)
    }
    case 'own-town': {
      const school = schoolOfViewer(viewer)
      const town = townsOf(viewer)[0] ?? (school === undefined ? undefined : ctx.roster.school(school)?.town)
      return town === undefined ? unnamed(frame, 'no-own-town') : areaAnswer(frame, town, town)
    }
    case 'district':
      return areaAnswer(frame, say(taskKey('district')), undefined)
  }
}

/** A town by its name, also without what such names end in. */
function townOf({ ctx }: TaskContext, given: string): string | undefined {
  const names = [given, ...ctx.schemes.words['town-endings'].map((ending) => given + ending)]
  return ctx.roster.schools().find(({ town }) => town !== undefined && names.includes(town))?.town
}

/** Whoever has no school or town of their own may name one, if they may see the names of any. */
function unnamed(frame: TaskContext, code: 'no-own-school' | 'no-own-town'): string {
  const { viewer, say } = frame
  const decision = decideAccess(viewer, { kind: 'member-list', scope: { kind: 'district' } })
  return decision.allowed || townsOf(viewer).length ? say(taskKey(code)) : taskRefusal(frame, decision)
}
