import { isStaff, schoolOfViewer, townsOf } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import { QuestionReader } from '@space-assistant/core/ranking/question'
import { Vocabulary } from '@space-assistant/core/ranking/question-vocabulary'
import type { Context } from 'koishi'
import { exportKinds, numberedKinds, placedKinds } from './ask'
import type { ExportAsk, ExportKind } from './ask'
import words from './words.json'

export type UnreadableExport =
  'how-to' | 'refusal.not-understood' | 'refusal.not-a-place' | 'refusal.no-own-school'

/** What follows the command: which list, of where, of which time. Without a place it is the asker's own. */
export function readExport(
  { schemes, roster }: Pick<Context, 'schemes' | 'roster'>,
  text: string,
  viewer: Viewer,
): ExportAsk | UnreadableExport {
  const parts = text.normalize('NFKC').split(/\s+/).filter(Boolean)
  const kind = exportKinds.find((each) => parts.some((part) => words.kinds[each].includes(part)))
  if (!kind) return 'how-to'
  const left = parts.filter((part) => !words.kinds[kind].includes(part))
  if (!placedKinds.has(kind)) return readWhole(kind, left, schemes.active.period)
  const rest = left.join(' ')
  const reader = new QuestionReader(
    new Vocabulary({
      ...{ words: schemes.words, scheme: schemes.active, schools: roster.schools() },
      stages: schemes.headers.stages,
    }),
  )
  const read = reader.read(rest, { today: dayOf(new Date()), named: true })
  if (!read.ok) return 'refusal.not-understood'
  const { scope, stage, window, given } = read.question
  // Nothing that was said falls away: a file of more or less than that is a wrong answer.
  if (given.some((part) => !['scope', 'window', 'stage'].includes(part))) return 'refusal.not-understood'
  const place = given.includes('scope') ? scope : { kind: usual(kind, viewer) }
  const found = scopeOf(place, viewer, (code) => roster.school(code)?.town)
  if (!found) return 'refusal.no-own-school'
  const ask = { kind, scope: found, window: { from: window.from, to: window.to } }
  return stage === undefined ? ask : { ...ask, stage }
}

/** A list of the whole district; some are of an announcement by its number. */
function readWhole(kind: ExportKind, left: readonly string[], window: Window): ExportAsk | UnreadableExport {
  const ask: ExportAsk = { kind, scope: { kind: 'district' }, window }
  if (!left.length) return ask
  const number = /^#?(\d{1,9})$/.exec(left.join(' '))?.[1]
  if (number === undefined || !numberedKinds.has(kind)) return 'refusal.not-a-place'
  return { ...ask, number: Number(number) }
}

/** Whoever has a school or a town gets its people; schools are compared in the district. */
function usual(kind: ExportKind, viewer: Viewer): 'own-school' | 'own-town' | 'district' {
  if (kind === 'schools' || kind === 'activation' || kind === 'unbound') return placeOfList(kind, viewer)
  if (schoolOfViewer(viewer) !== undefined) return 'own-school'
  return townsOf(viewer).length ? 'own-town' : 'district'
}

/** Those without a binding are a school's own business; staff ask for all. */
function placeOfList(kind: ExportKind, viewer: Viewer): 'own-school' | 'district' {
  return kind === 'unbound' && !isStaff(viewer) && schoolOfViewer(viewer) !== undefined
    ? 'own-school'
    : 'district'
}

function scopeOf(
  scope: { kind: string; town?: string; code?: string },
  viewer: Viewer,
  townOf: (school: string) => string | undefined,
): ExportAsk['scope'] | undefined {
  const { town, code } = scope
  const school = schoolOfViewer(viewer)
  switch (scope.kind) {
    case 'district':
      return { kind: 'district' }
    case 'town':
      return town === undefined ? undefined : { kind: 'town', town }
    case 'school':
      return code === undefined ? undefined : { kind: 'school', code }
    case 'own-town': {
      const own = townsOf(viewer)[0] ?? (school === undefined ? undefined : townOf(school))
      return own === undefined ? undefined : { kind: 'town', town: own }
    }
    default:
      return school === undefined ? undefined : { kind: 'school', code: school }
  }
}
