import type { FactChange } from '@space-assistant/core/bulletins/facts'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import { formatDay } from '@space-assistant/core/calendar/day'
import { figure } from '@space-assistant/core/text/figure'
import type { Translate } from '@space-assistant/core/text/translate'
import { strangeNumbersOf } from './heads'
import type { BulletinReceipt } from './publishing'
import type { Bulletin } from './store'
import type { BulletinHead } from './table'

const CHANGES = 12

/** One line of a list. */
export function headLine(say: Translate, head: BulletinHead): string {
  const { id, title, state, dueAt, corrects } = head
  const stands = say(`state.${state}`, { time: dueAt ? formatMoment(new Date(dueAt)) : '' })
  const mark = corrects ? say('line-corrects', { id: corrects }) : ''
  return say('line', { id, title, state: stands, mark })
}

/** Why it was sent back, and what of it nobody has filled in yet. */
export function bulletinWarnings(say: Translate, { state, returned, issuer }: BulletinHead): string[] {
  const isOpen = state !== 'published' && state !== 'corrected' && state !== 'dropped'
  return [
    state === 'edited' && returned ? say('returned', { reason: returned }) : '',
    isOpen && issuer === say('issuer') ? say('no-issuer') : '',
  ].filter(Boolean)
}

/** The whole bulletin part by part, with the numbers that are in no fact, and what can be done next. */
export function bulletinText(say: Translate, bulletin: Bulletin, staff: boolean): string {
  const { head, sections, facts } = bulletin
  const strange = strangeNumbersOf(bulletin)
  const parts = sections.map(({ part, content, drafted: own }, i) => {
    const edited = staff && content !== own ? say('edited-mark') : ''
    return `${say('part', { number: i + 1, name: say(`section.${part}`) })}${edited}\n${content}`
  })
  const stamp = say('stamp', {
    ...{ from: formatDay(facts.stamp.window.from), to: formatDay(facts.stamp.window.to) },
    ...{
      until: formatDay(facts.stamp.dataUntil),
      scheme: facts.stamp.schemeName,
      version: facts.stamp.version,
    },
  })
  return [
    headLine(say, head),
    ...parts,
    stamp,
    ...(staff ? bulletinWarnings(say, head) : []),
    staff && strange.length ? say('strange', { numbers: strange.join(say('and')) }) : '',
    staff ? say(`next.${head.state}`, { id: head.id }) : '',
  ]
    .filter(Boolean)
    .join('\n')
}

/** What is different, one line for each number. */
export function changesText(say: Translate, changes: readonly FactChange[]): string {
  const show = (value: number | null) => (value === null ? say('none') : figure(value))
  const lines = changes.slice(0, CHANGES).map(({ school, field, before, after }) => {
    const name = say(`field.${field}`)
    const params = { name, before: show(before), after: show(after) }
    return school === undefined ? say('change', params) : say('change-of', { ...params, school })
  })
  const more = changes.length - lines.length
  return [...lines, more > 0 ? say('changes-more', { count: more }) : ''].filter(Boolean).join('\n')
}

const told = ['sent', 'pending', 'parked', 'unknown', 'failed'] as const
const NAMED = 6

/** How the delivery stands, and with which groups it does not. */
export function receiptsText(
  say: Translate,
  head: BulletinHead,
  receipts: readonly BulletinReceipt[],
): string {
  const of = (state: (typeof told)[number]) =>
    receipts.filter((one) => (one.state === 'leased' ? 'pending' : one.state) === state)
  const counts = told.flatMap((state) => {
    const count = of(state).length
    return count ? [say(`receipt.${state}`, { count })] : []
  })
  const open = (['parked', 'unknown', 'failed'] as const).flatMap((state) => {
    const labels = of(state).map(({ label }) => label)
    if (!labels.length) return []
    return [
      say(`receipt-of.${state}`, {
        groups: labels.slice(0, NAMED).join(say('and')),
        ...{ count: labels.length, id: head.id },
      }),
    ]
  })
  const line = say('receipts', { id: head.id, count: receipts.length, states: counts.join(say('and')) })
  return [line, ...open].join('\n')
}
