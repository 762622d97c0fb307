import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Preview } from 'koishi-plugin-space-imports'
import { locale, text } from './text'

/** A preview as lines for the terminal: what was understood, every refused row, what would change. */
export function previewLines({
  name,
  kind,
  understood,
  refused,
  problems,
  unread,
  withoutState,
  change,
  covered,
  same,
}: Preview): string[] {
  const { window, days, accounts } = covered
  return [
    text('preview-file', { name, kind: text(`kind-${kind}`), understood, refused }),
    ...problems.map((problem) => `  ${describeRowProblem(problem, locale)}`),
    ...(refused > problems.length ? [`  ${text('preview-more', { count: refused - problems.length })}`] : []),
    ...(window
      ? [text('preview-covered', { from: formatDay(window.from), to: formatDay(window.to), days, accounts })]
      : []),
    ...(unread.length
      ? [text('preview-unread', { columns: unread.map(unreadColumn).join(text('preview-join')) })]
      : []),
    ...(withoutState ? [text('preview-without-state')] : []),
    changeLine(kind, change),
    ...(change.kind === 'records' && change.kept.days ? [text('preview-kept', change.kept)] : []),
    ...(change.kind === 'records' && change.beside
      ? [text('preview-beside', { beside: change.beside })]
      : []),
    ...(same ? [text('preview-same', { id: same.id })] : []),
  ]
}

function unreadColumn({ title, nearest }: Preview['unread'][number]): string {
  return nearest === undefined ? title : text('preview-unread-near', { title, nearest })
}

function changeLine(kind: Preview['kind'], change: Preview['change']): string {
  switch (change.kind) {
    case 'roster': {
      const { members, schools } = change
      if (kind === 'schools')
        return text('preview-schools', { added: schools.added, changed: schools.changed })
      return text('preview-roster', {
        membersAdded: members.added,
        membersChanged: members.changed,
        moved: members.moved,
        schoolsAdded: schools.added,
        schoolsChanged: schools.changed,
      })
    }
    case 'records':
      return text('preview-records', {
        added: change.added,
        repeated: change.repeated,
        replaced: change.replaced,
        members: change.members,
      })
    case 'snapshot':
      return text('preview-snapshot', { added: change.added, replaced: change.replaced })
  }
}
