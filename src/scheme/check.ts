import { formatPath } from '../configuration/document'
import { memberRoles } from './scheme'
import type { ConfigPath, ConfigProblem, ConfigText } from '../configuration/document'
import type { AwardFile, ConditionFile, IndicatorFile, SchemeFile } from './file'

type Report = (path: ConfigPath, code: string, params?: Record<string, string | number>) => void

/** What no single key can tell: dates in order, names used once, references that lead somewhere. */
export function crossCheck(file: SchemeFile, text: ConfigText): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const report: Report = (path, code, params = {}) =>
    problems.push({ file: text.file, path: formatPath(path), line: text.lineAt(path), code, params })
  const id = text.file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '')
  if (!/^[\w-]+$/.test(id)) report([], 'scheme-id', { given: id })
  checkDates(file, report)
  checkNames(file, report)
  file.indicators.forEach((indicator, index) => checkIndicator(indicator, ['indicators', index], report))
  checkScore(file, report)
  file.awards?.forEach((award, index) => checkAward(award, { file, path: ['awards', index], report }))
  checkRubrics(file, report)
  return problems
}

function checkDates(file: SchemeFile, report: Report) {
  const { period, windows = [], phases } = file
  const ranges: [ConfigPath, { from: string; to: string }][] = [
    [['period'], period],
    ...windows.map((window, index): [ConfigPath, typeof window] => [['windows', index], window]),
    ...phases.map((phase, index): [ConfigPath, typeof phase] => [['phases', index], phase]),
  ]
  // Dates written YYYY-MM-DD are in order as texts.
  for (const [path, { from, to }] of ranges) {
    if (to < from) report([...path, 'to'], 'ends-before-it-begins', { from, to })
  }
  windows.forEach(({ from, to }, index) => {
    if (from >= period.from && to <= period.to) return
    const params = { from, to, permittedFrom: period.from, permittedTo: period.to }
    report(['windows', index], 'outside-period', params)
  })
}

/** Names that people may type in one question must differ, however they are written. */
function checkNames(file: SchemeFile, report: Report) {
  const typed = new Map<string, string>()
  const once = (seen: Map<string, string>, given: string, path: ConfigPath) => {
    const key = given.normalize('NFKC').replace(/\s/g, '').toLowerCase()
    const other = seen.get(key)
    if (other !== undefined) report(path, 'duplicate-name', { given, other })
    else seen.set(key, formatPath(path))
  }
  file.indicators.forEach(({ name }, index) => once(typed, name, ['indicators', index, 'name']))
  const groups = new Set<string>()
  file.indicators.forEach(({ group }, index) => {
    if (!groups.has(group)) once(typed, group, ['indicators', index, 'group'])
    groups.add(group)
  })
  file.windows?.forEach(({ name }, index) => once(typed, name, ['windows', index, 'name']))
  for (const list of ['phases', 'awards', 'rubrics'] as const) {
    const seen = new Map<string, string>()
    file[list]?.forEach(({ name }, index) => once(seen, name, [list, index, 'name']))
  }
}

function checkIndicator(indicator: IndicatorFile, path: ConfigPath, report: Report) {
  const { role, points, streak, cap, target } = indicator
  if (role === 'student') checkStudent(indicator, path, report)
  else if (points === undefined && !streak) report(path, 'rule-missing')
  if (points !== undefined && streak) report([...path, 'streak'], 'rule-twice')
  if (streak && cap) report([...path, 'cap'], 'streak-with-cap')
  if (cap === 'target' && !target) report([...path, 'cap'], 'cap-without-target')
  streak?.forEach(({ from }, index) => {
    const previous = streak[index - 1]?.from
    const at = [...path, 'streak', index, 'from']
    if (previous === undefined && from !== 1) report(at, 'streak-first-step', { given: from })
    if (previous !== undefined && from <= previous)
      report(at, 'streak-not-ascending', { given: from, previous })
  })
  checkRequirement(indicator, path, report)
}

function checkStudent({ points, streak, cap, target }: IndicatorFile, path: ConfigPath, report: Report) {
  const given = { points: points || undefined, streak, cap, target }
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) report([...path, key], 'student-target', { given: key })
  }
}

function checkRequirement({ requirement }: IndicatorFile, path: ConfigPath, report: Report) {
  if (!requirement) return
  const at = [...path, 'requirement']
  const kinds = Object.entries(requirement).flatMap(([kind, conditions]) =>
    conditions ? [[kind, conditions] as const] : [],
  )
  for (const [kind, conditions] of kinds) {
    if (Object.keys(conditions).length === 0) report([...at, kind], 'missing')
    for (const [attribute, bound] of Object.entries(conditions)) {
      if (!bound) continue
      const { min, max } = bound
      if (min === undefined && max === undefined) report([...at, kind, attribute], 'no-bound')
      if (min !== undefined && max !== undefined && min > max)
        report([...at, kind, attribute], 'min-above-max', { min, max })
    }
  }
}

function checkScore({ schoolScore, indicators, activation }: SchemeFile, report: Report) {
  const scored = memberRoles.filter((role) => indicators.some((indicator) => indicator.role === role))
  const seen = new Set<string>()
  schoolScore.forEach(({ mean }, index) => {
    const path = ['schoolScore', index, 'mean']
    if (seen.has(mean)) report(path, 'duplicate-name', { given: mean, other: 'schoolScore' })
    seen.add(mean)
    if (!scored.includes(mean)) report(path, 'role-not-scored', { given: mean, permitted: scored.join(', ') })
  })
  if (activation && activation.goal < activation.award)
    report(['activation', 'goal'], 'goal-below-award', activation)
}

interface AwardContext {
  file: SchemeFile
  path: ConfigPath
  report: Report
}

function checkAward(
  { subject, conditions, first, ...award }: AwardFile,
  { file, path, report }: AwardContext,
) {
  checkSheets(award.sheets, { file, path, report })
  conditions.forEach((condition, index) => {
    const at = [...path, 'conditions', index]
    const count = Object.values(condition).filter((value) => value !== undefined).length
    if (count !== 1) report(at, 'condition-count', { given: count })
    if (condition.activation === 'award' && !file.activation)
      report([...at, 'activation'], 'activation-missing')
    if (condition.rank)
      checkRank({ first, ...condition.rank }, subject, { file, path: [...at, 'rank'], report })
    checkReferences(condition, subject, { file, path: at, report })
  })
}

/** Where one highest and one lowest are left out, something must remain for the mean. */
function checkSheets(sheets: AwardFile['sheets'], { file, path, report }: AwardContext) {
  const { least, trimFrom } = { ...file.settings?.sheets, ...sheets }
  if (least !== undefined && trimFrom !== undefined && trimFrom < least)
    report([...path, 'sheets', 'trimFrom'], 'min-above-max', { min: least, max: trimFrom })
}

function checkRank(
  rank: NonNullable<ConditionFile['rank']>,
  subject: AwardFile['subject'],
  { file, path, report }: AwardContext,
) {
  if (rank.of !== subject && rank.of !== 'school') {
    const permitted = [...new Set([subject, 'school'])].join(', ')
    report([...path, 'of'], 'subject-rank', { subject, given: rank.of, permitted })
  }
  if (rank.first === undefined && file.settings?.first === undefined)
    report([...path, 'first'], 'first-missing')
  const names = (file.windows ?? []).map(({ name }) => name)
  if (rank.window !== undefined && !names.includes(rank.window)) {
    report([...path, 'window'], 'unknown-window', { given: rank.window, permitted: listed(names) })
  }
}

function checkReferences(
  { rubric, schoolAwarded }: ConditionFile,
  subject: AwardFile['subject'],
  { file, path, report }: AwardContext,
) {
  const rubrics = (file.rubrics ?? []).map(({ name }) => name)
  if (rubric !== undefined && !rubrics.includes(rubric)) {
    report([...path, 'rubric'], 'unknown-rubric', { given: rubric, permitted: listed(rubrics) })
  }
  // An award of a school cannot wait for an award of a school: conditions would go round in a circle.
  const schoolAwards = (file.awards ?? []).filter((award) => award.subject === 'school')
  const awards = subject === 'school' ? [] : schoolAwards.map(({ name }) => name)
  if (schoolAwarded !== undefined && !awards.includes(schoolAwarded)) {
    report([...path, 'schoolAwarded'], 'unknown-award', { given: schoolAwarded, permitted: listed(awards) })
  }
}

function checkRubrics({ rubrics }: SchemeFile, report: Report) {
  rubrics?.forEach(({ total, criteria }, index) => {
    const sum = criteria.reduce((points, { max }) => points + max, 0)
    if (Math.abs(sum - total) > 1e-9)
      report(['rubrics', index, 'total'], 'rubric-total', { given: sum, total })
    const seen = new Map<string, string>()
    criteria.forEach(({ name }, at) => {
      const path: ConfigPath = ['rubrics', index, 'criteria', at, 'name']
      const other = seen.get(name)
      if (other !== undefined) report(path, 'duplicate-name', { given: name, other })
      else seen.set(name, formatPath(path))
    })
  })
}

function listed(names: readonly string[]): string {
  return names.length ? names.join(', ') : '-'
}
