import { accessRefusalCodes } from '@space-assistant/core/access/visibility'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context, Fragment, Session } from 'koishi'
import type { Documents } from 'koishi-plugin-space-documents'
import type { Acknowledged, Acknowledgements } from './acknowledgement'
import { sayIn } from './replies'
import { words } from './command'

const NAMED = 30
const visibility: ReadonlySet<string> = new Set(accessRefusalCodes)

/** The text of an announcement without the words that ask for an answer; undefined where it does not ask. */
export function withoutAskingForAnswer(text: string): string | undefined {
  const ending = words['ask-answer'].find((word) => text.trimEnd().endsWith(word))
  return ending === undefined ? undefined : text.trimEnd().slice(0, -ending.length).trimEnd()
}

/** An administrator has read the announcement. */
export async function answerReceived(
  ctx: Context,
  acknowledgements: Acknowledgements,
  { session, text }: { session: Session; text: string },
): Promise<string> {
  const say = sayIn(session)
  const viewer = await ctx.access.viewer(session)
  const who = await ctx.access.nameOf(session)
  const outcome = await acknowledgements.confirm(viewer, who, numberIn(text))
  if (!outcome.ok) return refusal(say, outcome)
  return say('acknowledge.noted', { school: outcome.value.school.name, id: outcome.value.row.id })
}

/** Who has not answered, a reminder, or the list as a file. */
export async function answerStanding(
  ctx: Context,
  acknowledgements: Acknowledgements,
  { session, text }: { session: Session; text: string },
): Promise<Fragment> {
  const say = sayIn(session)
  const viewer = await ctx.access.viewer(session)
  const id = numberIn(text)
  const wants = (list: readonly string[]) => text.split(/\s+/).some((word) => list.includes(word))
  if (wants(words.remind)) {
    const reminded = await acknowledgements.remind(viewer, id)
    if (!reminded.ok) return h.text(refusal(say, reminded))
    return h.text(say('acknowledge.reminded', { count: reminded.value.missing }))
  }
  const outcome = await acknowledgements.standing(viewer, id)
  if (!outcome.ok) return h.text(refusal(say, outcome))
  // The service of documents may be left out of an installation; the list in words is always there.
  const documents = ctx.get('documents')
  if (documents && wants(words.export) && session.isDirect)
    return workbook(ctx, documents, { say, standing: outcome.value })
  return h.text(standingText(say, outcome.value))
}

function standingText(say: Translate, { row, answered, missing }: Acknowledged): string {
  const params = { id: row.id, answered: answered.length, missing: missing.length }
  if (!missing.length) return say('acknowledge.all', params)
  const names = missing.slice(0, NAMED).map(({ name }) => name)
  const more = missing.length > NAMED ? say('acknowledge.more', { count: missing.length - NAMED }) : ''
  return [
    say('acknowledge.standing', params),
    names.join(say('and')) + more,
    say('acknowledge.how-to', params),
  ].join('\n')
}

async function workbook(
  ctx: Context,
  documents: Documents,
  { say, standing }: { say: Translate; standing: Acknowledged },
): Promise<h> {
  const { row, answered, missing } = standing
  const title = say('acknowledge.title', { id: row.id })
  const schoolOf = (code: string) => ctx.roster.school(code)
  const bytes = await documents.tables([
    {
      ...{
        name: title,
        title,
        lines: [
          say('acknowledge.standing', { id: row.id, answered: answered.length, missing: missing.length }),
        ],
      },
      columns: [
        { header: say('acknowledge.school'), width: 30, kind: 'text' },
        { header: say('acknowledge.town'), width: 14, kind: 'text' },
        { header: say('acknowledge.who'), width: 14, kind: 'text' },
        { header: say('acknowledge.at'), width: 18, kind: 'center' },
      ],
      rows: [
        ...missing.map(({ name, town = '' }) => [name, town, '', say('acknowledge.not-yet')]),
        ...answered.map(({ school, who, at }) => {
          return [
            schoolOf(school)?.name ?? school,
            schoolOf(school)?.town ?? '',
            who,
            formatMoment(new Date(Number(at))),
          ]
        }),
      ],
    },
  ])
  const src = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`
  return h('file', { src, title: `${title}.xlsx` })
}

function numberIn(text: string): number | undefined {
  const match = /(?:^|\s)#?(\d{1,9})(?=\s|$)/.exec(text.normalize('NFKC'))
  return match ? Number(match[1]) : undefined
}

function refusal(say: Translate, { code, params }: { code: string; params: object }): string {
  return say(visibility.has(code) ? `space-access.refusal.${code}` : `refusal.${code}`, params)
}
