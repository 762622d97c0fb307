import { formatDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import type { RosterPlan } from 'koishi-plugin-space-roster'
import type { RecordsPlan, SnapshotPlan } from 'koishi-plugin-space-scoreboard'
import type { ReadFile } from './read-file'
import type { ImportRow } from './table'

/** What importing a file would change, as the owners of the data say. */
export type ImportPlan = RosterPlan | RecordsPlan | SnapshotPlan

/** What a file speaks about. */
export interface Covered {
  /** From the first to the last day with a row. */
  window?: Window
  /** Distinct days with a row. */
  days: number
  accounts: number
}

const known = new WeakMap<ReadFile, Covered>()

/** The days and people of a file. */
export function coveredOf(file: ReadFile): Covered {
  const covered = known.get(file) ?? coverageOf(file)
  known.set(file, covered)
  return covered
}

function coverageOf(file: ReadFile): Covered {
  if (file.kind === 'records') return coveredBy(file.days, file.stated.size)
  const days = new Set<Day>()
  const accounts = new Set<string>()
  for (const row of file.rows) {
    if ('day' in row) days.add(row.day)
    if ('account' in row) accounts.add(row.account)
    else if ('subject' in row && row.subject.kind === 'member') accounts.add(row.subject.account)
  }
  return coveredBy(days, accounts.size)
}

function coveredBy(days: ReadonlySet<Day>, accounts: number): Covered {
  const window = days.size ? windowOf(days) : undefined
  return { days: days.size, accounts, ...(window && { window }) }
}

function windowOf(days: Iterable<Day>): Window {
  let [from, to] = [Infinity, -Infinity]
  for (const day of days) {
    from = Math.min(from, day)
    to = Math.max(to, day)
  }
  return { from, to }
}

/** Whether storing the plan would change nothing. `same` is the newest stored import of the very same file. */
export function isNothing(plan: ImportPlan, same: ImportRow | undefined): boolean {
  switch (plan.kind) {
    case 'roster':
      return !plan.schools.length && !plan.members.length
    case 'records': {
      const { added, replaced, members } = plan.summary
      // A statement that replaces its own rows by themselves.
      return added === 0 && replaced === 0 ? true : members === 0 && added === replaced && same !== undefined
    }
    case 'snapshot':
      return plan.summary.added === 0 && plan.summary.replaced === 0
  }
}

/** The columns of the import's row that say what it did. */
export function importRowOf(
  file: ReadFile,
  plan: ImportPlan,
): Pick<ImportRow, 'kind' | 'understood' | 'refused' | 'repeated' | 'changed' | 'firstDay' | 'lastDay'> {
  const { window } = coveredOf(file)
  const { kind, understood, refused } = file
  return {
    kind,
    understood,
    refused,
    ...countsOf(plan),
    firstDay: window ? formatDay(window.from) : '',
    lastDay: window ? formatDay(window.to) : '',
  }
}

function countsOf(plan: ImportPlan): { repeated: number; changed: number } {
  switch (plan.kind) {
    case 'roster': {
      const { members, schools } = plan.summary
      const changed = members.added + members.changed + schools.added + schools.changed
      return { repeated: members.same + schools.same, changed }
    }
    case 'records':
      return { repeated: plan.summary.repeated, changed: plan.summary.members }
    case 'snapshot':
      return { repeated: 0, changed: plan.summary.members + plan.summary.schools }
  }
}
