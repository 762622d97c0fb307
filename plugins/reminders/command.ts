import { formatMinute } from '@space-assistant/core/calendar/clock'
import type { NudgeTimes } from '@space-assistant/core/nudges/occasion'
import { weeklyDay } from '@space-assistant/core/nudges/occasion'
import type { NudgeSettings } from '@space-assistant/core/nudges/settings'
import { parseUpcoming } from '@space-assistant/core/nudges/upcoming'
import { dayOf, formatDay, minuteOf, mondayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Context, Session } from 'koishi'
import { holdingText, previewText, weekOf } from './staff'
import type { CommandTools, Refuse } from './staff'
import type { Translate } from '@space-assistant/core/text/translate'
import { chatKey, reminderGroupKey, memberKey } from './settings'
import { parseReminderCommand, words } from './wish'

const LONGEST = 366

/** Everything an answer is made with. */
interface Talk extends CommandTools {
  ctx: Context
  say: Translate
  viewer: Viewer
  /** Whose settings are meant. */
  key: string
  today: Day
}

/** Answers the reminder command. */
export async function answer(
  ctx: Context,
  session: Session,
  request: { text: string; say: Translate; tools: CommandTools },
): Promise<string> {
  const { text, say, tools } = request
  const viewer = await ctx.access.viewer(session)
  const refuse: Refuse = ({ code, params }) =>
    code === 'week-over' ? say('refusal.week-over', params) : say(`space-access.refusal.${code}`, params)
  const wish = parseReminderCommand(text)
  if (wish.kind === 'preview') return previewText(ctx, { say, viewer, tools, given: wish.day, refuse })
  const held = await holdingText(ctx, session, { say, viewer, tools, wish, refuse })
  if (held !== undefined) return held
  const forGroup = speaksForGroup(ctx, viewer)
  // Somebody else in a group means the own reminders; who that is must be known, since others cannot be told apart.
  if (!session.isDirect && !forGroup && viewer.account === undefined) {
    return refuse({ code: 'not-bound', params: {} })
  }
  const key = forGroup ? reminderGroupKey(refOf(session)) : keyOf(session, viewer)
  const talk: Talk = { ctx, say, viewer, key, today: dayOf(new Date()), ...tools }
  const settings = await tools.settings.of(talk.key)
  switch (wish.kind) {
    case 'view':
      return view(talk, settings)
    case 'switch': {
      const changed = Object.fromEntries(wish.topics.map((topic) => [topic, wish.on]))
      return save(talk, { ...settings, ...changed })
    }
    case 'resume':
      return save(talk, { weekly: settings.weekly, deadlines: settings.deadlines })
    case 'pause':
      return pause(talk, settings, wish.day)
    // Answered before, since they are about everybody.
    case 'hold':
    case 'lift':
      return say('refusal.which-week', { given: wish.day })
    case 'unknown':
      return say('refusal.not-understood', { given: wish.given })
  }
}

/** What a group is told is for staff to say, and in a school's own group for its administrators. */
function speaksForGroup(ctx: Context, viewer: Viewer): boolean {
  const { place, grants } = viewer
  if (place.kind === 'private') return false
  if (ctx.access.check(viewer, { kind: 'groups' }).ok) return true
  const { purpose, school } = place
  return (
    purpose === 'school' && grants.some((grant) => grant.kind === 'administrator' && grant.school === school)
  )
}

const refOf = ({ platform, selfId, channelId }: Session) => ({ platform, selfId, channelId: channelId ?? '' })

/** Whose settings somebody means who does not speak for a group. */
function keyOf(session: Session, { account }: Viewer): string {
  if (account !== undefined) return memberKey(account)
  return chatKey({ ...refOf(session), channelId: `private:${session.userId}` })
}

async function pause(talk: Talk, settings: NudgeSettings, given: string): Promise<string> {
  const { ctx, say, today } = talk
  const { dates } = ctx.schemes.headers
  const monday = weekOf(given, today)
  const moment = given ? parseUpcoming(given, today, { ...words, dates }) : undefined
  const day = monday === undefined ? moment?.day : monday + 6
  if (day === undefined) return say('refusal.which-day')
  if (day < today) return say('refusal.past', { day: formatDay(day) })
  if (day > today + LONGEST) return say('refusal.too-far')
  return save(talk, { ...settings, pausedUntil: day })
}

async function save(talk: Talk, settings: NudgeSettings): Promise<string> {
  await talk.settings.set(talk.key, settings)
  return talk.say('settings.saved') + describe(talk, settings)
}

function view(talk: Talk, settings: NudgeSettings): string {
  const { say, key, viewer } = talk
  const stranger = !key.startsWith('group:') && viewer.account === undefined && !viewer.grants.length
  if (stranger) return say('settings.unreachable')
  return [describe(talk, settings), next(talk, settings), say('settings.how-to')].filter(Boolean).join('\n')
}

function describe({ say, key, today }: Talk, settings: NudgeSettings): string {
  const word = (on: boolean) => say(on ? 'settings.on' : 'settings.off')
  const { weekly, deadlines, pausedUntil } = settings
  const line = say(key.startsWith('group:') ? 'settings.group' : 'settings.own', {
    weekly: word(weekly),
    deadlines: word(deadlines),
  })
  if (pausedUntil === undefined || pausedUntil < today) return line
  return line + say('settings.paused', { day: formatDay(pausedUntil) })
}

/** When the next weekly nudge is due that is not switched off, nor paused away. */
function next({ ctx, say, today, times }: Talk, { weekly, pausedUntil = today - 1 }: NudgeSettings): string {
  if (!weekly) return ''
  const { active, calendar } = ctx.schemes
  for (let monday = mondayOf(today); monday < today + 70; monday += 7) {
    const found = weeklyDay(active, calendar, monday, times)
    if (!('day' in found) || found.day <= pausedUntil) continue
    if (found.day > today || (found.day === today && isAhead(times))) {
      return say('settings.next', { day: formatDay(found.day), time: formatMinute(times.minute) })
    }
  }
  return say('settings.no-next')
}

const isAhead = ({ minute }: NudgeTimes) => minuteOf(new Date()) < minute
