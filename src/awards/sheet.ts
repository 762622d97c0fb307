import type { Rubric } from '../scheme/scheme'
import type { ConflictReason } from './conflict'

export const judgeSheetStates = ['assigned', 'draft', 'submitted', 'reopened', 'recused', 'voided'] as const
export type JudgeSheetState = (typeof judgeSheetStates)[number]

export const judgeSheetActs = ['save', 'submit', 'reopen', 'recuse', 'void'] as const
export type JudgeSheetAct = (typeof judgeSheetActs)[number]

export const judgeSheetRefusals = [
  'sheet-not-in-this-state',
  'sheet-closed',
  'sheet-changed-meanwhile',
  'sheet-conflict',
  'sheet-reason-needed',
  'criterion-blank',
  'criterion-above-maximum',
  'criterion-below-zero',
  'criterion-not-whole',
] as const
export type JudgeSheetRefusal = (typeof judgeSheetRefusals)[number]

export type JudgeSheetResult =
  | { ok: true; state: JudgeSheetState; edit: number }
  | { ok: false; code: JudgeSheetRefusal; params: Record<string, string | number> }

export interface JudgeSheetFacts {
  state: JudgeSheetState
  /** Grows with every change, so that two tabs don't overwrite each other. */
  edit: number
  /** Whether the round is judging; else nothing may be changed but by staff. */
  isOpen: boolean
  conflict: ConflictReason | undefined
}

/** Points by criterion of the rubric; null is not filled in, which is not 0. */
export type SheetPoints = readonly (number | null)[]

export interface SheetChange {
  act: JudgeSheetAct
  /** The edit number that whoever changes it has seen. */
  seen: number
  points?: SheetPoints
  reason?: string
}

const permitted: Record<JudgeSheetAct, readonly JudgeSheetState[]> = {
  save: ['assigned', 'draft', 'reopened'],
  submit: ['assigned', 'draft', 'reopened'],
  reopen: ['submitted'],
  recuse: ['assigned', 'draft', 'submitted', 'reopened'],
  void: ['assigned', 'draft', 'submitted', 'reopened'],
}

const results: Record<JudgeSheetAct, JudgeSheetState> = {
  save: 'draft',
  submit: 'submitted',
  reopen: 'reopened',
  recuse: 'recused',
  void: 'voided',
}

/** Whether a sheet may be changed this way, and what it is then. */
export function changeSheet(
  facts: JudgeSheetFacts,
  change: SheetChange,
  rubric: Pick<Rubric, 'criteria'>,
): JudgeSheetResult {
  const { act, seen, points = [], reason = '' } = change
  const refuse = (code: JudgeSheetRefusal, params: Record<string, string | number> = {}) =>
    ({ ok: false, code, params }) as const
  if (!permitted[act].includes(facts.state)) return refuse('sheet-not-in-this-state')
  if (!facts.isOpen && act !== 'void') return refuse('sheet-closed')
  if (seen !== facts.edit) return refuse('sheet-changed-meanwhile')
  if ((act === 'void' || act === 'recuse') && !reason.trim()) return refuse('sheet-reason-needed')
  if (facts.conflict && (act === 'save' || act === 'submit')) return refuse('sheet-conflict')
  if (act === 'save' || act === 'submit') {
    const fault = pointsFault(points, rubric, act === 'save')
    if (fault) return refuse(fault.code, fault.params)
  }
  // What a judge has taken up again stays so until it is submitted.
  const state = act === 'save' && facts.state === 'reopened' ? 'reopened' : results[act]
  return { ok: true, state, edit: facts.edit + 1 }
}

export interface PointsFault {
  code: Extract<JudgeSheetRefusal, `criterion-${string}`>
  params: Record<string, string | number>
}

/** The first criterion that is not filled in as the rubric asks: whole points from 0 to its maximum. */
export function pointsFault(
  points: SheetPoints,
  { criteria }: Pick<Rubric, 'criteria'>,
  mayBeBlank = false,
): PointsFault | undefined {
  for (const [at, { name, max }] of criteria.entries()) {
    const value = points[at] ?? null
    if (value === null) {
      if (!mayBeBlank) return { code: 'criterion-blank', params: { criterion: name, max } }
      continue
    }
    if (value < 0) return { code: 'criterion-below-zero', params: { criterion: name, value, max } }
    if (value > max) return { code: 'criterion-above-maximum', params: { criterion: name, value, max } }
    if (!Number.isInteger(value))
      return { code: 'criterion-not-whole', params: { criterion: name, value, max } }
  }
  return undefined
}
