import { Wordings } from '@space-assistant/core/delivery/wording'
import { dayOf } from '@space-assistant/core/scheme/calendar'
import { isStaff, schoolOf, townsOf } from '@space-assistant/core/identity/viewer'
import { decide } from '@space-assistant/core/identity/visibility'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-gateway'
import type {} from 'koishi-plugin-space-identity'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { joined, key, refusal } from './frame'
import type { Frame, Services } from './frame'
import { helpAnswer } from './help'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { ownTasks } from './own'
import { phasesAnswer } from './phases'
import { areaAnswer, schoolAnswer } from './school'
import words from './words.json'

export const name = 'space-tasks'
export const inject = ['schemes', 'roster', 'scoreboard', 'identity', 'gateway']

/** What is still to do, where the activity stands, and what can be asked. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const { tasks, phases, help } = words.commands
  const { roster, scoreboard, schemes, identity, gateway, $commander } = ctx
  const services = { roster, scoreboard, schemes, identity, gateway, $commander }
  const declare = (command: string, answer: (frame: Frame, text: string) => string) => {
    ctx
      .command(`${command} [text:rawtext]`, { captureQuote: false })
      .action(async ({ session }, text = '') => {
        return h.text(answer(await frameOf(services, session!), text))
      })
  }
  declare(tasks, tasksAnswer)
  ctx.effect(() => ctx.gateway.variant((text, _, overheard) => (overheard ? undefined : sentence(text))))
  declare(phases, phasesAnswer)
  declare(help, helpAnswer)
}

const wordings = new Wordings({ 'zh-CN': zhCN, 'en-US': enUS })

async function frameOf(ctx: Services, session: Session): Promise<Frame> {
  const viewer = await ctx.identity.viewer(session)
  return { ctx, session, say: ctx.gateway.sayer(session, wordings), viewer, today: dayOf(new Date()) }
}

type ScopeWord = keyof typeof words.scope

/** The scope that a text names: of a school by its name, or by a word for the own one. */
function scopeOf(text: string): ScopeWord | undefined {
  const word = text.trim()
  return (Object.keys(words.scope) as ScopeWord[]).find((each) => words.scope[each].includes(word))
}

/** The command line that a sentence of the few that people say means. */
function sentence(text: string): string | undefined {
  const said = text.replace(/[\s\p{P}]/gu, '')
  const { sentences, commands } = words
  if (sentences.self.includes(said)) return commands.tasks
  return sentences['own-school'].includes(said)
    ? `${commands.tasks} ${words.scope['own-school'][0]}`
    : undefined
}

function tasksAnswer(frame: Frame, text: string): string {
  const { ctx, say } = frame
  const scope = scopeOf(text)
  const given = text.trim()
  if (given && !scope) {
    const town = townOf(frame, given)
    if (town !== undefined) return areaAnswer(frame, town, town)
    const schools = ctx.roster.findSchools(given)
    if (schools.length === 1) return schoolAnswer(frame, schools[0]!.code)
    return say(key(schools.length ? 'several-schools' : 'not-understood'), {
      given: Array.from(given).slice(0, 12).join(''),
      names: schools
        .slice(0, 4)
        .map((school) => school.name)
        .join(say(key('and'))),
    })
  }
  return answerOf(frame, scope ?? defaultScope(frame))
}

function defaultScope({ viewer }: Frame): ScopeWord {
  if (viewer.account !== undefined) return 'self'
  if (isStaff(viewer)) return 'district'
  return townsOf(viewer).length ? 'own-town' : 'self'
}

function answerOf(frame: Frame, scope: ScopeWord): string {
  const { ctx, say, viewer } = frame
  switch (scope) {
    case 'self': {
      const member = viewer.account === undefined ? undefined : ctx.roster.member(viewer.account)
      if (!member)
        return refusal(frame, { code: viewer.grants.length ? 'no-account' : 'not-bound', params: {} })
      if (member.state !== 'active') return say(key('own.not-active'))
      const { from, to } = ctx.schemes.active.period
      const more =
        frame.today >= from &&
        frame.today <= to &&
        viewer.grants.some((grant) => grant.kind === 'administrator') &&
        say(key('own.see-school'))
      return joined([ownTasks(frame, member), more])
    }
    case 'own-school': {
      const { place } = viewer
      const code = schoolOf(viewer) ?? (place.kind === 'group' ? place.school : undefined)
      return code === undefined ? unnamed(frame, 'no-own-school') : schoolAnswer(frame, code)
    }
    case 'own-town': {
      const school = schoolOf(viewer)
      const town = townsOf(viewer)[0] ?? (school === undefined ? undefined : ctx.roster.school(school)?.town)
      return town === undefined ? unnamed(frame, 'no-own-town') : areaAnswer(frame, town, town)
    }
    case 'district':
      return areaAnswer(frame, say(key('district')), undefined)
  }
}

/** A town by its name, also without what such names end in. */
function townOf({ ctx }: Frame, given: string): string | undefined {
  const names = [given, ...ctx.schemes.words['town-endings'].map((ending) => given + ending)]
  return ctx.roster.schools().find(({ town }) => town !== undefined && names.includes(town))?.town
}

/** Whoever has no school or town of their own may name one, if they may see the names of any. */
function unnamed(frame: Frame, code: 'no-own-school' | 'no-own-town'): string {
  const { viewer, say } = frame
  const decision = decide(viewer, { kind: 'member-list', scope: { kind: 'district' } })
  return decision.allowed || townsOf(viewer).length ? say(key(code)) : refusal(frame, decision)
}
