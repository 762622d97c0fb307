import type { Effect } from '@space-assistant/core/tickets/event'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import { afterWork } from '@space-assistant/core/calendar/working-hours'
import type { House } from './house'
import type { KeptFile } from './files'
import { post } from './post'
import type { Parcel } from './post'
import { newsText, supportText } from './texts'
import type { PersonRow, TicketRow } from './table'
import { recallTold, rememberTold } from './told'

/** When the closing clock that an event has started rings; null when there is none. */
export function timerDue(
  { clock }: House,
  effects: readonly Effect[],
  { at, before }: { at: Date; before: Date | null },
): Date | null {
  let due = before
  for (const effect of effects) {
    if (effect.kind === 'stop-timer') due = null
    if (effect.kind === 'start-timer') due = afterWork(clock, at, effect.workMinutes)
  }
  return due
}

export interface Situation {
  row: TicketRow
  people: readonly PersonRow[]
  /** Attachments that messages of the effects name. */
  files: readonly KeptFile[]
  /** When it was caused. */
  at: Date
  /** Who caused it and reads the direct reply. */
  actor?: string
}

/** Hands everything that an event causes to the outbox, inside its transaction; returns the keys of what reporters get. */
export async function carryOut(
  house: House,
  effects: readonly Effect[],
  situation: Situation,
): Promise<string[]> {
  const parcels: Parcel[] = []
  const told: string[] = []
  for (const effect of effects) {
    const parcel =
      effect.kind === 'take-back'
        ? await takeBack(house, effect, situation)
        : await parcelOf(house, effect, situation)
    if (!parcel) continue
    parcels.push(parcel)
    if (effect.kind === 'tell-reporter') told.push(parcel.key)
  }
  await post(house.ctx, parcels)
  await rememberTold(house.ctx, effects, { told, at: situation.at })
  return told
}

async function parcelOf(house: House, effect: Effect, situation: Situation): Promise<Parcel | undefined> {
  const { row, people, files, actor } = situation
  if (effect.kind !== 'tell-reporter' && effect.kind !== 'tell-support') return undefined
  const { key } = effect
  const attached = files
    .filter(({ id }) => effect.message?.attachments.includes(id))
    .map(({ id, name, type }) => ({ path: house.files.pathOf(id), name, type }))
  if (effect.kind === 'tell-support') {
    // A card is made by whoever files the report.
    if (effect.news === 'new') return undefined
    const target = await house.groups.find(effect.group)
    if (!target) return undefined
    const text = supportText(house, effect, { row, person: people.find(({ position }) => position === 0) })
    return { key, target, text, files: attached }
  }
  const person = people.find((one) => one.person === effect.reporter)
  if (!person || (effect.reporter === actor && effect.news === 'merged')) return undefined
  const target = await placeOf(house, person)
  if (!target) return undefined
  const text = newsText(house, effect, person.isDirect ? '' : person.name)
  return { key, target, text, files: attached }
}

/**
 * Where somebody hears of a report: where it was made. A private chat that is not the person's any more is no place; then
 * it is another one of the same person, if there is any.
 */
async function placeOf({ ctx }: House, person: PersonRow): Promise<ChannelRef | undefined> {
  const { platform, selfId, userId, channelId, isDirect, account } = person
  const there = { platform, selfId, channelId }
  if (!isDirect || !account) return there
  const chats = (await ctx.access.chats([account])).get(account) ?? []
  const isOwn = chats.some(
    (chat) => chat.platform === platform && chat.selfId === selfId && chat.userId === userId,
  )
  const [other] = chats
  if (isOwn || !other) return isOwn ? there : undefined
  return { platform: other.platform, selfId: other.selfId, channelId: `private:${other.userId}` }
}

/** Takes an answer back; whoever may have read it is told, as not every platform lets a message vanish. */
async function takeBack(
  house: House,
  { key, answer }: Extract<Effect, { kind: 'take-back' }>,
  { row, people }: Situation,
): Promise<Parcel | undefined> {
  const read = await recallTold(house.ctx, { ticket: row.number, version: answer })
  const person = people.find(({ position }) => position === 0)
  if (!read || !person) return undefined
  const { isDirect, name } = person
  const target = await placeOf(house, person)
  if (!target) return undefined
  const line = house.say('news.retracted', { number: row.number })
  const text = isDirect ? line : house.say('called', { name, line })
  return { key, target, text }
}
