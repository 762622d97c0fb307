import { operator } from '@space-assistant/core/access/viewer'
import { demoPeople } from '@space-assistant/core/office/contract/demo'
import type { DemoLine, DemoPerson, DemoRoom } from '@space-assistant/core/office/contract/demo'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-office'
import type { RouteHandlers } from 'koishi-plugin-space-office'
import type {} from 'koishi-plugin-space-roster'
import { privateRoom } from './bot'
import type { DemoBot } from './bot'
import type { Cast, Part } from './cast'
import words from './words.json'

type DemoRoute = 'demo-people' | 'demo-be' | 'demo-say' | 'demo-chat'

const groups = { exchange: 'exchange', support: 'support' } as const
const refused = { ok: false, code: 'no-such-demo', params: {} } as const

/** Makes the made-up people and their groups known to the bot. */
export async function setStage({ access }: Context, bot: DemoBot, cast: Cast): Promise<void> {
  for (const [person, part] of Object.entries(cast)) {
    const who = { platform: 'demo', selfId: bot.selfId, userId: person }
    if (part.kind === 'member') await access.link(who, part.member.account)
    else await access.grants.give(who, { kind: part.kind, label: words.labels[part.kind], ...townOf(part) })
  }
  for (const purpose of ['exchange', 'support'] as const) {
    const group = { platform: 'demo', selfId: bot.selfId, channelId: groups[purpose] }
    await access.groups.set(group, { purpose }, operator)
  }
}

function townOf({ town }: Part): { town?: string } {
  return town === undefined ? {} : { town }
}

/** What the page asks of the demo. Whoever does not have the key that was printed gets nothing. */
export function demoRoutes(
  ctx: Context,
  { bot, cast, key }: { bot: DemoBot; cast: Cast; key: string },
): RouteHandlers<DemoRoute> {
  const nameOf = (person: DemoPerson) =>
    nameOfPart(ctx, person, person === 'stranger' ? undefined : cast[person])
  return {
    'demo-people': (_, input) => {
      if (input.key !== key) return Promise.resolve(refused)
      const people = demoPeople.map((person) => ({
        person,
        ...nameOf(person),
        group: words.groups[groupOf(person)],
        questions: words.questions[person],
      }))
      return Promise.resolve({ ok: true, value: { people, tour: words.tour } })
    },
    async 'demo-be'(visit, input) {
      if (input.key !== key) return refused
      const { person } = input
      if (visit.asker) await ctx.office.end(visit.asker.who, visit.asker.session)
      const who = { platform: 'demo', selfId: bot.selfId, userId: person }
      visit.keep(person === 'stranger' ? undefined : await ctx.office.sessions.open(who, visit.device))
      return { ok: true, value: {} }
    },
    'demo-say': (_, { key: given, person, room, text }) => {
      if (given !== key) return Promise.resolve(refused)
      const group = room === 'group' ? { group: groupOf(person) } : {}
      bot.hear({ userId: person, name: nameOf(person).name, ...group }, text)
      return Promise.resolve({ ok: true, value: {} })
    },
    'demo-chat': (_, { key: given, person, room, after }) => {
      if (given !== key) return Promise.resolve(refused)
      const lines = bot.rooms.after(roomOf(person, room), after).map(({ by, ...line }): DemoLine => {
        const from = by === bot.selfId ? 'bot' : by === person ? 'me' : 'other'
        return { ...line, from, name: from === 'bot' ? words.bot : nameOf(by as DemoPerson).name }
      })
      return Promise.resolve({ ok: true, value: { lines } })
    },
  }
}

/** Support's people read along where reports arrive, everybody else in the group of the administrators. */
function groupOf(person: DemoPerson): 'exchange' | 'support' {
  return person === 'support' ? groups.support : groups.exchange
}

function roomOf(person: DemoPerson, room: DemoRoom): string {
  return room === 'group' ? groupOf(person) : privateRoom(person)
}

function nameOfPart(
  { roster }: Context,
  person: DemoPerson,
  part: Part | undefined,
): { name: string; of: string } {
  if (part?.kind === 'member') {
    return { name: part.member.name, of: roster.school(part.member.school)?.name ?? '' }
  }
  return { name: words.labels[person as keyof typeof words.labels], of: part?.town ?? '' }
}
