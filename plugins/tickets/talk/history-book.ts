import { writeXlsx } from 'hucre'
import { deedText, whoSaid } from './look-text'
import type { Look } from '../reading'
import type { TicketDialogue } from './talk'
import { categoryName, reasonName, whoLine } from '../texts'
import { formatMoment } from '@space-assistant/core/calendar/clock'

/** The whole history of a ticket as a workbook: what it is, what happened, what was attached. */
export async function historyBook(talk: TicketDialogue, look: Look): Promise<Uint8Array> {
  const { ctx, say, asker } = talk
  const { row, people, events, files, helper } = look
  const { rules } = ctx.tickets
  const plainly =
    asker.viewer.place.kind === 'private' && ctx.access.check(asker.viewer, { kind: 'tickets' }).ok
  const facts: [key: string, value: string][] = [
    ['number', `#${row.number}`],
    ['category', categoryName(rules, row.category)],
    ['urgency', say(`urgency.${row.urgency}`)],
    ['state', say(`state.${row.state}`)],
    ['reporters', people.map((person) => whoLine(ctx, say, person, plainly)).join(say('and'))],
    ['helper', helper],
    ['reason', row.reason && reasonName(say, rules, row.reason)],
    ['merged', row.mergedInto ? `#${row.mergedInto}` : ''],
    ['rating', people.flatMap(({ stars }) => (stars ? [String(stars)] : [])).join(say('and'))],
  ]
  const heads = (keys: readonly string[]) => keys.map((key) => say(`history.${key}`))
  return writeXlsx({
    sheets: [
      { name: say('history.facts'), rows: facts.map(([key, value]) => [say(`history.${key}`), value]) },
      {
        name: say('history.steps'),
        rows: [
          heads(['time', 'who', 'what', 'text']),
          ...events.map((event) => [
            ...[formatMoment(event.at), whoSaid(talk, event), deedText(talk, event)],
            event.text,
          ]),
        ],
      },
      {
        name: say('history.files'),
        rows: [
          heads(['time', 'name', 'type', 'size']),
          ...files.map(({ at, name, type, size }) => [formatMoment(at), name, type, size]),
        ],
      },
    ],
  })
}
