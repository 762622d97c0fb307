import { readNominations } from '@space-assistant/core/awards/files'
import type { NominationAct } from '@space-assistant/core/awards/nomination'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { formatDay } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import type { NominationView } from '../nominations'
import words from '../words.json'
import { fetchAwardFile } from './attachment'
import { awardRefusal, findAward, findNominee, isWord, readAwardNumber, tellOutcome } from './talk'
import type { AwardTalk } from './talk'

const acts: [list: readonly string[], act: NominationAct][] = [
  [words.submit, 'submit'],
  [words.accept, 'accept'],
  [words.return, 'return'],
  [words.withdraw, 'withdraw'],
  [words.veto, 'veto'],
]
const SHOWN_PROBLEMS = 10

/** Answers the command of nominations: a list with the quota's meter, one more, or an act on one by its number. */
export async function answerNominate(talk: AwardTalk, given: string[]): Promise<Fragment> {
  const file = await fetchAwardFile(talk)
  if (file) return file.ok ? importNominations(talk, file.value) : h.text(awardRefusal(talk, file))
  const [first, second, ...rest] = given
  if (!first || isWord(words.list, first)) return listAnswer(talk)
  const act = acts.find(([list]) => isWord(list, first))?.[1]
  if (act && isWord(words.all, second)) return actOnAll(talk, act)
  const id = readAwardNumber(second)
  if (act && id !== undefined) {
    const outcome = await talk.awards.nominations.act(talk.actor, { id, act, reason: rest.join(' ') })
    return tellOutcome(talk, outcome, (view) => viewText(talk, view))
  }
  if (act) return h.text(talk.say('which-nomination'))
  return draftAnswer(talk, given)
}

async function draftAnswer(talk: AwardTalk, [first, ...rest]: string[]): Promise<Fragment> {
  const { awards, say } = talk
  const award = findAward(talk, first)
  if (!award) return h.text(say('which-award', { awards: judgedAwards(talk) }))
  const nominee = findNominee(talk, award, rest)
  if (nominee === undefined) return h.text(say('refusal.unknown-nominee', { nominee: rest[0] ?? '' }))
  const remark = rest.slice(1).join(' ')
  const outcome = await awards.nominations.draft(talk.actor, {
    ...{ award: award.name, nominee },
    ...(remark && { remark }),
  })
  return tellOutcome(talk, outcome, (view) =>
    [viewText(talk, view), evidenceText(talk, view), say('nominate-submit', { id: view.row.id })]
      .filter(Boolean)
      .join('\n'),
  )
}

function judgedAwards({ awards, say }: AwardTalk): string {
  return awards.frame.awards
    .filter((award) => awards.frame.rubric(award))
    .map(({ name }) => name)
    .join(say('and'))
}

/** The figures that the bot knows of a nominee; nothing is filled in that nobody has said. */
function evidenceText({ awards, say }: AwardTalk, { nominee }: NominationView): string {
  if (!nominee) return ''
  const { scoreboard, schemes } = awards.ctx
  const { period, windows } = schemes.active
  const window = windows[0]?.window ?? period
  const params = { from: formatDay(window.from), to: formatDay(window.to) }
  if (nominee.account !== undefined) {
    const { board } = scoreboard
    const points = board.points(nominee.account, { role: 'teacher', window })
    const actions = [...board.counts(nominee.account, { window }).values()].reduce((sum, one) => sum + one, 0)
    return say('evidence-person', { ...params, points, actions })
  }
  const score = scoreboard.board.schoolScore(nominee.code, window)?.score
  return score === undefined || score === null ? '' : say('evidence-school', { ...params, score })
}

async function listAnswer(talk: AwardTalk): Promise<Fragment> {
  const { say, awards } = talk
  const outcome = await awards.nominations.list(talk.actor)
  if (!outcome.ok) return h.text(awardRefusal(talk, outcome))
  const head = say('nominate-how', {
    awards: judgedAwards(talk),
    deadline: formatDay(awards.nominations.deadline),
  })
  const shares = await awards.nominations.shares(talk.actor)
  const warnings = (shares.ok ? shares.value : [])
    .filter(({ isBelow }) => isBelow)
    .map(({ least, ...share }) => say('share-below', { ...share, least: Math.round(least * 1000) / 10 }))
  return h.text([head, ...outcome.value.map((view) => viewText(talk, view)), ...warnings].join('\n'))
}

/** One nomination with how far its unit's quota is used. */
export function viewText({ say }: AwardTalk, { row, nominee, meter, isReserve }: NominationView): string {
  const { id, award, unit, state, reason } = row
  const who = nominee ? say('board.person', { name: nominee.name, school: nominee.schoolName }) : row.nominee
  const line = say('nomination-line', { id, award, who, unit, state: say(`nomination.${state}`) })
  const kind = isReserve ? say('nomination-reserve') : ''
  const why = reason ? say('nomination-reason', { reason }) : ''
  const { group, places, reserve, used } = meter
  return (
    line + kind + why + (places === undefined ? '' : say('quota-meter', { group, places, reserve, used }))
  )
}

/** All drafts of a nominator are submitted, all submitted ones accepted; what is refused is told with its reason. */
async function actOnAll(talk: AwardTalk, act: NominationAct): Promise<Fragment> {
  const { awards, say } = talk
  const from = act === 'submit' ? 'draft' : 'submitted'
  if (act !== 'submit' && act !== 'accept') return h.text(say('which-nomination'))
  const outcome = await awards.nominations.list(talk.actor)
  if (!outcome.ok) return h.text(awardRefusal(talk, outcome))
  const refusals: string[] = []
  let count = 0
  for (const { row } of outcome.value.filter(({ row }) => row.state === from)) {
    const done = await awards.nominations.act(talk.actor, { id: row.id, act })
    if (done.ok) count++
    else refusals.push(awardRefusal(talk, done))
  }
  return h.text([say(`all-${act}`, { count }), ...refusals.slice(0, SHOWN_PROBLEMS)].join('\n'))
}

async function importNominations(talk: AwardTalk, bytes: Uint8Array): Promise<Fragment> {
  const { awards, say } = talk
  const { schemes, scoreboard } = awards.ctx
  const options = { headers: schemes.headers, scheme: schemes.active, people: scoreboard.board.people }
  const table = await readNominations(bytes, options)
  const locale = talk.session.locales[0] === 'en-US' ? 'en-US' : 'zh-CN'
  if (!('rows' in table)) return h.text(describeRowProblem(table, locale))
  const refusals = table.problems.map((problem) => describeRowProblem(problem, locale))
  let count = 0
  for (const { award, nominee, remark, row } of table.rows) {
    const outcome = await awards.nominations.draft(talk.actor, {
      award,
      nominee,
      ...(remark !== undefined && { remark }),
    })
    if (outcome.ok) count++
    else refusals.push(say('row-refused', { row, reason: awardRefusal(talk, outcome) }))
  }
  const shown = refusals.slice(0, SHOWN_PROBLEMS)
  const more =
    refusals.length > shown.length ? say('more-refused', { count: refusals.length - shown.length }) : ''
  return h.text(
    [say('imported', { count, refused: refusals.length }), ...shown, more].filter(Boolean).join('\n'),
  )
}
