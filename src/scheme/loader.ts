import { parseDay } from '../calendar/day'
import { crossCheck } from './check'
import { readConfig } from '../configuration/document'
import { schemeFile } from './file'
import type { CapFile, ConditionFile, IndicatorFile, RangeFile, SchemeFile } from './file'
import type { ConfigResult } from '../configuration/document'
import type {
  AttributeCondition,
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
    period,
    windows,
    indicators: file.indicators.map(makeIndicator),
    schoolScore: file.schoolScore.map(({ mean }) => ({ kind: 'mean', role: mean })),
    tasks: file.tasks,
    phases: file.phases.map(({ from, to, ...rest }) => ({ ...rest, window: makeWindow({ from, to }) })),
    activation: file.activation && share(file.activation),
    awards: (file.awards ?? []).map(({ name, subject, conditions }) => ({
      name,
      subject,
      conditions: conditions.flatMap((condition) => makeCondition(condition, { file, period, windows })),
    })),
    rubrics: (file.rubrics ?? []).map(({ name, criteria }) => ({ name, criteria })),
  }
}

function makeWindow({ from, to }: RangeFile): Window {
  return { from: parseDay(from)!, to: parseDay(to)! }
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

function makeCondition(
  condition: ConditionFile,
  { file, period, windows }: { file: SchemeFile; period: Window; windows: Scheme['windows'] },
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
      first: rank.first ?? file.settings?.first ?? 0,
      window: windows.find(({ name }) => name === rank.window)?.window ?? period,
    },
    judgement === undefined ? undefined : { kind: 'judgement', text: judgement },
    rubric === undefined ? undefined : { kind: 'rubric', rubric },
    notStage && { kind: 'not-stage', stages: notStage },
    schoolAwarded === undefined ? undefined : { kind: 'school-awarded', award: schoolAwarded },
  ]
  return conditions.filter((one) => one !== undefined)
}
