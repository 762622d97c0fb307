import type { FileKind, Problem, UnreadColumn } from '@space-assistant/core/formats/rows'
import { coveredOf, isNothing } from './change'
import type { Covered, ImportPlan } from './change'
import type { WaitingPreview } from './previews'
import type { ImportRow } from './table'

/** What importing a file would change, in numbers. */
export type Change = {
  [K in ImportPlan['kind']]: { kind: K } & Extract<ImportPlan, { kind: K }>['summary']
}[ImportPlan['kind']]

/** What a file holds and would do. `id` is what `confirm` takes; it is forgotten after a while. */
export interface Preview {
  id: string
  name: string
  kind: FileKind
  understood: number
  refused: number
  /** Of the refused rows, in order of row. */
  problems: readonly Problem[]
  /** Columns that nothing was read of. */
  unread: readonly UnreadColumn[]
  /** A roster that does not say who is active leaves everybody's state as it is. */
  withoutState: boolean
  change: Change
  covered: Covered
  /** Nothing would change; `confirm` will say so. */
  nothingNew: boolean
  /** The newest stored import of the very same file. */
  same?: ImportRow | undefined
  until: Date
}

function changeOf(plan: ImportPlan): Change {
  switch (plan.kind) {
    case 'roster':
      return { kind: plan.kind, ...plan.summary }
    case 'records':
      return { kind: plan.kind, ...plan.summary }
    case 'snapshot':
      return { kind: plan.kind, ...plan.summary }
  }
}

/** What is told of a file that waits. */
export function makeImportPreview(waiting: WaitingPreview, same: ImportRow | undefined): Preview {
  const { id, name, file, plan, until } = waiting
  const { kind, understood, refused, problems } = file
  const covered = coveredOf(file)
  const nothingNew = isNothing(plan, same)
  const change = changeOf(plan)
  return {
    id,
    name,
    kind,
    understood,
    refused,
    problems,
    unread: file.unread,
    withoutState: file.kind === 'roster' && !file.withState,
    change,
    covered,
    nothingNew,
    same,
    until: new Date(until),
  }
}
