import { requireDay } from '../calendar/day'
import { crossCheck } from './check'
import { readConfig } from '../configuration/document'
import { schemeFile } from './file'
import type { AwardFile, CapFile, ConditionFile, IndicatorFile, RangeFile, SchemeFile } from './file'
import type { ConfigResult } from '../configuration/document'
import type {
  AttributeCondition,
  Award,
  AwardCondition,
  Indicator,
  RecordRequirement,
  SchemeRule,
  Scheme,
} from './scheme'
import type { Window } from '../calendar/day'

/**
 * Reads the text of a scheme file. `file` is the path named in problems; its base name is the scheme's id.
 * Answers every problem of the file at once; problems across keys are looked for once its shape is right.
 */
export function loadScheme(text: string, file: string): ConfigResult<Scheme> {
  const read = readConfig(text, file, schemeFile)
  if (!read.ok) return read
  const problems = crossCheck(read.value.value, read.value.text)
  if (problems.length) return { ok: false, problems }
  return { ok: true, value: makeScheme(read.value.value, schemeId(file)) }
}

/** The id of a scheme: its file's name without folder and extension. */
export function schemeId(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '')
}

function makeScheme(file: SchemeFile, id: string): Scheme {
  const period = makeWindow(file.period)
  const windows = (file.windows ?? []).map(({ name, ...range }) => ({ name, window: makeWindow(range) }))
  return {
    id,
    name: file.name,
    platform: file.platform,
    ...(file.issuer !== undefined && { issuer: file.issuer }),
    period,
    windows,
    indicators: file.indicators.map(makeIndicator),
    schoolScore: file.schoolScore.map(({ mean }) => ({ kind: 'mean', role: mean })),
    tasks: file.tasks,
    phases: file.phases.map(({ from, to, ...rest }) => ({ ...rest, window: makeWindow({ from, to }) })),
    activation: file.activation && share(file.activation),
    awards: (file.awards ?? []).map((award) => makeAward(award, { file, period, windows })),
    rubrics: (file.rubrics ?? []).map(({ name, criteria }) => ({ name, criteria })),
  }
}

function makeWindow({ from, to }: RangeFile): Window {
  return { from: requireDay(from), to: requireDay(to) }
}

function share({ goal, award }: { goal: number; award: number }) {
  return { goal: goal / 100, award: award / 100 }
}

function makeIndicator(file: IndicatorFile): Indicator {
  const { name, group, role, target, action, place } = file
  return {
    name,
    group,
    role,
    rule: makeRule(file),
    ...(target && { target }),
    ...(file.requirement && { requirement: makeRequirement(file.requirement) }),
    action,
    ...(place && { place }),
  }
}

function makeRule({ points, streak, cap, target }: IndicatorFile): SchemeRule {
  if (streak) return { kind: 'streak', steps: streak }
  const effective: CapFile | undefined = cap === 'target' ? target : cap
  return { kind: 'action', points: points ?? 0, ...(effective && { cap: effective }) }
}

function makeRequirement({ all, any }: NonNullable<IndicatorFile['requirement']>): RecordRequirement {
  const kind = any ? 'any' : 'all'
  const bounds = Object.entries(any ?? all ?? {})
  return {
    kind,
    conditions: bounds.map(([attribute, bound]) => ({ attribute, ...bound }) as AttributeCondition),
  }
}

interface AwardFrame {
  file: SchemeFile
  period: Window
  windows: Scheme['windows']
}

/** What a scheme leaves open about its awards. */
const usual = {
  among: 'all',
  tie: 'staff',
  source: 'computed',
  publicity: { days: 5, count: 'working' },
  sheets: { least: 3, trimFrom: 5 },
  reserve: 20,
} as const

function makeAward(award: AwardFile, frame: AwardFrame): Award {
  const { name, subject, quota } = award
  const settings = { ...frame.file.settings, ...withoutUndefined(award) }
  const conditions = award.conditions.flatMap((condition) =>
    makeCondition(condition, { ...frame, first: settings.first }),
  )
  const first = conditions.find(({ kind }) => kind === 'rank')
  const counted = first?.kind === 'rank' ? first.first : settings.first
  const isCounted = conditions.some(({ kind }) => kind === 'rank' || kind === 'rubric')
  return {
    name,
    subject,
    conditions,
    ...(isCounted && counted !== undefined && { first: counted }),
    among: settings.among ?? usual.among,
    tie: settings.tie ?? usual.tie,
    source: settings.source ?? usual.source,
    publicity: {
      days: settings.publicity?.days ?? usual.publicity.days,
      count: settings.publicity?.count ?? usual.publicity.count,
    },
    sheets: {
      ...usual.sheets,
      ...withoutUndefined({ ...frame.file.settings?.sheets }),
      ...withoutUndefined({ ...award.sheets }),
    },
    ...(quota && {
      quota: {
        per: quota.per,
        ...(quota.each !== undefined && { each: quota.each }),
        places: quota.places ?? {},
        reserve: (quota.reserve ?? usual.reserve) / 100,
        shares: (quota.shares ?? []).map(({ name: kind, least, towns = [], stages = [], schools = [] }) => ({
          ...{ name: kind, least: least / 100, towns, stages, schools },
        })),
      },
    }),
  }
}

/** The settings that are given: what is undefined takes no other's place. */
function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

function makeCondition(
  condition: ConditionFile,
  { file, period, windows, first }: AwardFrame & { first: number | undefined },
): AwardCondition[] {
  const { activation, rank, judgement, rubric, notStage, schoolAwarded } = condition
  const conditions: (AwardCondition | undefined)[] = [
    activation === undefined
      ? undefined
      : {
          kind: 'activation',
          min: (activation === 'award' ? (file.activation?.award ?? 100) : activation) / 100,
        },
    rank && {
      kind: 'rank',
      of: rank.of,
      first: rank.first ?? first ?? 0,
      window: windows.find(({ name }) => name === rank.window)?.window ?? period,
    },
    judgement === undefined ? undefined : { kind: 'judgement', text: judgement },
    rubric === undefined ? undefined : { kind: 'rubric', rubric },
    notStage && { kind: 'not-stage', stages: notStage },
    schoolAwarded === undefined ? undefined : { kind: 'school-awarded', award: schoolAwarded },
  ]
  return conditions.filter((one) => one !== undefined)
}
