import { figure } from '@space-assistant/core/text/figure'
import { closeSync, openSync, writeSync } from 'node:fs'
import type { ConditionState } from '@space-assistant/core/awards/conditions'
import type { AwardCandidate, AwardStanding } from '@space-assistant/core/awards/standing'
import type { RubricResult } from '@space-assistant/core/awards/tally'
import { formatDay } from '@space-assistant/core/calendar/day'
import { text } from '../text'
import type { AwardFormat } from './arguments'
import type { AwardReport, EvaluatedAwards } from './evaluate'

const CHUNK = 1 << 18
const CANDIDATES_OF_TABLE = 1000

type Written = Pick<EvaluatedAwards, 'awards' | 'inputs'>

/** Writes all awards to a file or to standard output, piece by piece: there may be hundreds of thousands of candidates. */
export function writeAwards(awards: Written, { format, out }: { format: AwardFormat; out?: string }): void {
  const file = out === undefined ? 1 : openSync(out, 'w')
  try {
    let chunk = ''
    for (const piece of format === 'json' ? jsonOf(awards) : tableOf(awards)) {
      chunk += piece
      if (chunk.length < CHUNK) continue
      writeWhole(file, chunk)
      chunk = ''
    }
    writeWhole(file, chunk)
  } catch (error) {
    // Whoever reads the output may stop early (`| head`).
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  } finally {
    if (file !== 1) closeSync(file)
  }
}

function writeWhole(file: number, chunk: string): void {
  const bytes = Buffer.from(chunk)
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(file, bytes, at)
    } catch (error) {
      // A pipe that is full for the moment.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

function* jsonOf({ awards }: Written): Generator<string> {
  yield '{ "awards": ['
  for (const [index, { standing, rubric }] of awards.entries()) {
    const { award, population, overBy } = standing
    const { name, subject, first = null } = award
    const head = JSON.stringify({ name, subject, first, population, overBy })
    yield `${index ? ',' : ''}\n${head.slice(0, -1)},\n"candidates": [`
    let separator = '\n'
    for (const candidate of standing.candidates()) {
      yield separator + JSON.stringify(candidateEntry(candidate, standing))
      separator = ',\n'
    }
    yield '\n],\n"rubric": ['
    yield rubric.map((result) => `\n${JSON.stringify(rubricEntry(result, standing))}`).join(',')
    yield '\n]}'
  }
  yield '\n] }\n'
}

/** People are named by their account, schools by their code. */
function keyOf({ award }: AwardStanding): 'code' | 'account' {
  return award.subject === 'school' ? 'code' : 'account'
}

function candidateEntry({ code, conditions, ...rest }: AwardCandidate, standing: AwardStanding) {
  const { name, school, rank, score, selected } = rest
  const states = conditions.map(({ kind, needed, value, met }) => ({ kind, needed, value, met }))
  return { [keyOf(standing)]: code, name, school, rank, score, conditions: states, selected }
}

function rubricEntry(result: RubricResult, standing: AwardStanding) {
  const { nominee, sheets, counted, trimmed, score, rank, spread, flags } = result
  return { [keyOf(standing)]: nominee, sheets, counted, trimmed, score, rank, spread, flags }
}

function* tableOf({ awards, inputs }: Written): Generator<string> {
  const { people } = inputs.board
  for (const report of awards) {
    const { standing, rubric } = report
    yield `${headline(report)}\n`
    yield line(columns.map((key) => text(key)))
    for (const candidate of standing.candidates(0, CANDIDATES_OF_TABLE)) {
      const { rank, code, name, school, score, selected, conditions } = candidate
      const state = text(`awards-selected-${selected}`)
      const missing = conditions.map(gapText).filter(Boolean).join(text('awards-join'))
      const schoolName = people.school(school)?.name ?? school
      yield line(
        [rank ?? '-', code, name, schoolName, shownScore(score), missing ? `${state} ${missing}` : state].map(
          String,
        ),
      )
    }
    if (standing.population > CANDIDATES_OF_TABLE)
      yield `${text('awards-more-candidates', { count: standing.population - CANDIDATES_OF_TABLE })}\n`
    if (rubric.length) yield* rubricTable(rubric)
    yield '\n'
  }
}

function headline({ standing }: AwardReport): string {
  const { award, population, overBy, reportDay } = standing
  const { selected, open } = standing.count()
  const parts = [
    text('awards-head', { award: award.name, first: award.first ?? '-', population, selected, open }),
  ]
  if (overBy) parts.push(text('awards-over', { count: (award.first ?? 0) + overBy, over: overBy }))
  if (reportDay !== undefined) parts.push(text('awards-report-day', { day: formatDay(reportDay) }))
  return parts.join('')
}

/** As in chat; the JSON keeps all. */
function shownScore(score: number | null | undefined): string {
  return score === null || score === undefined ? '-' : figure(score)
}

function* rubricTable(rubric: readonly RubricResult[]): Generator<string> {
  yield `${text('awards-rubric-head')}\n`
  for (const { nominee, sheets, counted, trimmed, score, rank, spread, flags } of rubric) {
    const notes = flags.map((flag) => text(`awards-flag-${flag}`))
    if (trimmed) notes.unshift(text('awards-trimmed'))
    const figures = text('awards-rubric-line', { sheets, counted, spread: spread ?? '-' })
    yield line(
      [rank ?? '-', nominee, shownScore(score), figures, notes.join(text('awards-join'))].map(String),
    )
  }
}

function gapText({ met, gap = {} }: ConditionState): string {
  const { places, points, spaces } = gap
  if (met !== false) return ''
  if (spaces !== undefined) return text('awards-gap-spaces', { spaces })
  return places === undefined ? '' : text('awards-gap-places', { places, points: figure(points ?? 0) })
}

const columns = [
  'awards-column-rank',
  'awards-column-code',
  'awards-column-name',
  'awards-column-school',
  'awards-column-score',
  'awards-column-selected',
] as const
const widths = [6, 20, 16, 24, 12, 0]

function line(cells: string[]): string {
  const padded = cells.map((cell, at) => cell + ' '.repeat(Math.max((widths[at] ?? 0) - widthOf(cell), 1)))
  return `${padded.join('').trimEnd()}\n`
}

/** Columns that a text takes in a terminal: two for each wide character. */
function widthOf(cell: string): number {
  return Array.from(cell).reduce((width, character) => width + (character > '\u2e7f' ? 2 : 1), 0)
}
