import { formatNearMoment } from '@space-assistant/core/calendar/clock'
import { cutMasked } from '@space-assistant/core/text/number-masking'
import type { Look } from '../reading'
import type { EventRow, TicketRow } from '../table'
import type { ToldState } from '../told'
import type { TicketDialogue } from './talk'
import { categoryName, headOf, reasonName, whoLine } from '../texts'

const shownEvents = 12
const shownTitle = 24

/** One ticket in a list. */
export function rowLine({ ctx, say }: TicketDialogue, row: TicketRow): string {
  return say('row', {
    head: headOf(say, ctx.tickets.rules, row),
    state: say(`state.${row.state}`),
    title: cutMasked(row.title, shownTitle),
  })
}

/** A ticket's history as its reporters and support read it. */
export function lookText({ ctx, say, asker }: TicketDialogue, look: Look, all = false): string {
  const { row, people, files, likes, own, helper, told } = look
  // Notes are read where support works, not where its people report something themselves.
  const events = all ? look.events : look.events.filter(({ kind }) => kind !== 'note')
  const { rules } = ctx.tickets
  const plainly = asker.viewer.place.kind === 'private'
  const shown = all ? events : events.slice(-shownEvents)
  const reason = row.reason ? [say('look.reason', { reason: reasonName(say, rules, row.reason) })] : []
  return [
    say('row-head', { head: headOf(say, rules, row), state: say(`state.${row.state}`) }),
    ...(own && !all ? [] : people.map((person) => whoLine(ctx, say, person, plainly))),
    ...(helper ? [say('look.helper', { helper })] : []),
    ...reason,
    ...(row.mergedInto ? [say('look.merged', { into: row.mergedInto })] : []),
    ...(shown.length < events.length ? [say('look.earlier', { count: events.length - shown.length })] : []),
    ...shown.map(
      (event) => eventLine({ ctx, say }, event) + toldText(say, all ? told.get(event.version) : undefined),
    ),
    ...(files.length ? [say('files', { count: files.length })] : []),
    ...(own || !likes.length
      ? []
      : [
          say('look.likes', {
            list: likes.map(({ other, percent }) => `#${other} ${percent}%`).join(say('and')),
          }),
        ]),
  ].join('\n')
}

/** What has become of an answer. */
function toldText(say: TicketDialogue['say'], state: ToldState | undefined): string {
  return state ? say(`told-state.${state}`) : ''
}

function eventLine(talk: Pick<TicketDialogue, 'ctx' | 'say'>, event: EventRow): string {
  const { at, text } = event
  const time = formatNearMoment(at)
  const params = { time, who: whoSaid(talk, event), what: deedText(talk, event), text }
  return talk.say(text ? 'look.said' : 'look.did', params)
}

/** The side that did a step of a history. */
export function whoSaid({ say }: Pick<TicketDialogue, 'say'>, { byKind }: EventRow): string {
  return say(`by.${byKind}`)
}

/** What a step of a history was, without what was said in it. */
export function deedText(talk: Pick<TicketDialogue, 'ctx' | 'say'>, { kind, detail }: EventRow): string {
  return talk.say(`event.${kind}`, { detail: detailText(talk, kind, detail) })
}

function detailText(
  { ctx, say }: Pick<TicketDialogue, 'ctx' | 'say'>,
  kind: EventRow['kind'],
  detail: string,
): string {
  const { rules } = ctx.tickets
  if (kind === 'report' || kind === 'change-category') return categoryName(rules, detail)
  if (kind === 'change-urgency') return say(`urgency.${detail}`)
  if (kind === 'resolve') return reasonName(say, rules, detail)
  return kind === 'hand-on' || kind === 'retract' ? '' : detail
}
