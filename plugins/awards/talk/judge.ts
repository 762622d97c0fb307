import { readScoreSheets } from '@space-assistant/core/awards/files'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { questionKey } from '@space-assistant/core/text/normalise'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import { isSheetOpen } from '../judging'
import type { OwnSheet, OwnSheetChange } from '../judging'
import words from '../words.json'
import { answerJudgeStaff } from './judge-staff'
import { fetchAwardFile } from './attachment'
import { awardRefusal, isWord, readAwardNumber } from './talk'
import type { AwardTalk } from './talk'

const SHOWN_PROBLEMS = 10

/** Answers the command of judging: the own queue for judges, panel and progress for staff. */
export async function answerJudge(talk: AwardTalk, given: string[]): Promise<Fragment> {
  const { awards, actor } = talk
  const [first, ...rest] = given
  const steers = (await awards.frame.check(actor, { kind: 'steer' })).ok
  if (steers) return answerJudgeStaff(talk, first, rest)
  const own = await awards.judging.ownSheets(actor)
  if (!own.ok) return h.text(awardRefusal(talk, own))
  const file = await fetchAwardFile(talk)
  if (file) return file.ok ? importSheets(talk, own.value, file.value) : h.text(awardRefusal(talk, file))
  return answerOwn({ talk, sheets: own.value }, first, rest)
}

interface OwnQueue {
  talk: AwardTalk
  sheets: readonly OwnSheet[]
}

async function answerOwn(
  { talk, sheets }: OwnQueue,
  first: string | undefined,
  rest: string[],
): Promise<Fragment> {
  const { say } = talk
  if (!sheets.length) return h.text(say('judge-nothing'))
  if (isWord(words.list, first) || isWord(words.progress, first)) return h.text(queueText(talk, sheets))
  const current = sheets.find(({ row }) => isSheetOpen(row))
  const numbered = (word: string | undefined) =>
    sheets.find(({ row }) => row.number === readAwardNumber(word))
  if (isWord(words.reopen, first)) {
    const sheet = numbered(rest[0])
    return sheet ? change({ talk, sheets }, sheet, { act: 'reopen' }) : h.text(say('which-sheet'))
  }
  if (isWord(words.recuse, first)) {
    const sheet = numbered(rest[0]) ?? current
    const reason = numbered(rest[0]) ? rest.slice(1) : rest
    return sheet
      ? change({ talk, sheets }, sheet, { act: 'recuse', reason: reason.join(' ') })
      : h.text(say('judge-all-done'))
  }
  if (!first) return h.text(current ? sheetText(talk, current) : say('judge-all-done'))
  return answerPoints({ talk, sheets }, [first, ...rest], current)
}

/** Points in one line, perhaps behind a sheet's number; one criterion by its name; or what is filled in is submitted. */
async function answerPoints(
  queue: OwnQueue,
  given: readonly string[],
  current: OwnSheet | undefined,
): Promise<Fragment> {
  const { talk, sheets } = queue
  const values = given.flatMap((word) => word.split(/[,\uff0c\u3001/]/)).filter(Boolean)
  const numbers = values.map(Number)
  const areNumbers = values.every((word) => /^-?\d+(\.\d+)?$/.test(word))
  const named = areNumbers
    ? sheets.find(({ row, criteria }) => row.number === numbers[0] && numbers.length === criteria.length + 1)
    : undefined
  const sheet = named ?? current
  if (areNumbers && numbers.length === 1 && !named) {
    const shown = sheets.find(({ row }) => row.number === numbers[0])
    return h.text(shown ? sheetText(talk, shown) : talk.say('which-sheet'))
  }
  if (!sheet) return h.text(talk.say('judge-all-done'))
  if (areNumbers) {
    const points = named ? numbers.slice(1) : numbers
    if (points.length !== sheet.criteria.length)
      return h.text(
        talk.say('points-count', {
          given: points.length,
          needed: sheet.criteria.length,
          example: exampleOf(sheet),
        }),
      )
    return change(queue, sheet, { act: 'submit', points })
  }
  if (isWord(words.submit, given[0])) return change(queue, sheet, { act: 'submit' })
  const criterion = sheet.criteria.findIndex(({ name }) => questionKey(name) === questionKey(given[0] ?? ''))
  const value = Number(given[1])
  if (criterion < 0 || given[1] === undefined || Number.isNaN(value)) return h.text(sheetText(talk, sheet))
  return change(queue, sheet, {
    act: 'save',
    points: sheet.criteria.map((_, at) => (at === criterion ? value : null)),
  })
}

async function change(
  { talk, sheets }: OwnQueue,
  sheet: OwnSheet,
  given: Omit<OwnSheetChange, 'seen'>,
): Promise<Fragment> {
  const { awards, say } = talk
  const outcome = await awards.judging.change(talk.actor, sheet.row, { ...given, seen: sheet.row.edit })
  if (!outcome.ok) return h.text(awardRefusal(talk, outcome))
  const after = sheets.map((one) => (one === sheet ? outcome.value : one))
  const total = outcome.value.points.reduce<number>((sum, points) => sum + (points ?? 0), 0)
  const params = {
    number: sheet.row.number,
    name: sheet.nominee.name,
    total,
    count: after.filter(({ row }) => row.state === 'submitted').length,
    all: after.length,
  }
  if (given.act === 'save' || given.act === 'reopen')
    return h.text([say(`sheet.${given.act}`, params), sheetText(talk, outcome.value)].join('\n'))
  const next = after.find(({ row }) => isSheetOpen(row))
  return h.text(
    [say(`sheet.${given.act}`, params), next ? sheetText(talk, next) : say('judge-all-done')].join('\n'),
  )
}

/** One nominee with the criteria and what is filled in so far. */
function sheetText({ say }: AwardTalk, sheet: OwnSheet): string {
  const { row, nominee, criteria, points, conflict } = sheet
  const who =
    nominee.account === undefined
      ? nominee.name
      : say('board.person', { name: nominee.name, school: nominee.schoolName })
  const head = say('sheet-head', {
    number: row.number,
    award: row.award,
    who,
    state: say(`sheet-state.${row.state}`),
  })
  if (conflict) return [head, say(`conflict.${conflict}`)].join('\n')
  const lines = criteria.map(({ name, max, text }, at) => {
    const given = points[at] ?? null
    return say('criterion-line', {
      name,
      max,
      text,
      given: given === null ? say('not-given') : say('given', { points: given }),
    })
  })
  return [head, ...lines, say('sheet-how', { example: exampleOf(sheet) })].join('\n')
}

/** Four fifths of each maximum: shows the form, and is nobody's result. */
function exampleOf({ criteria }: OwnSheet): string {
  return criteria.map(({ max }) => Math.floor(max * 0.8)).join(' ')
}

function queueText({ say }: AwardTalk, sheets: readonly OwnSheet[]): string {
  const submitted = sheets.filter(({ row }) => row.state === 'submitted').length
  const lines = sheets.map(({ row, nominee, points, conflict }) => {
    const total = points.reduce<number>((sum, one) => sum + (one ?? 0), 0)
    const figure = row.state === 'submitted' ? say('queue-total', { total }) : ''
    return say('queue-line', {
      number: row.number,
      award: row.award,
      name: nominee.name,
      state: say(conflict ? 'queue-conflict' : `sheet-state.${row.state}`),
      figure: conflict ? '' : figure,
    })
  })
  return [say('queue-head', { submitted, all: sheets.length }), ...lines].join('\n')
}

/** A judge's own sheets from a file; what it says of others is not taken. */
async function importSheets(
  talk: AwardTalk,
  sheets: readonly OwnSheet[],
  bytes: Uint8Array,
): Promise<Fragment> {
  const { awards, say } = talk
  const { schemes, scoreboard } = awards.ctx
  const table = await readScoreSheets(bytes, {
    headers: schemes.headers,
    scheme: schemes.active,
    people: scoreboard.board.people,
  })
  const locale = talk.session.locales[0] === 'en-US' ? 'en-US' : 'zh-CN'
  if (!('rows' in table)) return h.text(describeRowProblem(table, locale))
  const refusals = table.problems.map((problem) => describeRowProblem(problem, locale))
  let count = 0
  for (const { row, award, nominee, judge, points } of table.rows) {
    const sheet = sheets.find(
      (one) => one.row.award === award && one.row.nominee === nominee && one.row.judge === judge,
    )
    if (!sheet) {
      refusals.push(say('row-refused', { row, reason: say('refusal.no-such-sheet') }))
      continue
    }
    const outcome = await awards.judging.change(talk.actor, sheet.row, {
      act: 'submit',
      seen: sheet.row.edit,
      points,
    })
    if (outcome.ok) count++
    else refusals.push(say('row-refused', { row, reason: awardRefusal(talk, outcome) }))
  }
  return h.text(
    [say('sheets-imported', { count, refused: refusals.length }), ...refusals.slice(0, SHOWN_PROBLEMS)].join(
      '\n',
    ),
  )
}
