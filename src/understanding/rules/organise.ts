import type { QuestionFrame } from '../frame'
import type { Intent } from '../intent'
import type { Sense } from '../lexing/sense'
import { said } from './rule'
import type { IntentRule } from './rule'

/** Files: bringing them, seeing what was brought, taking it back. */
export const importRule: IntentRule = (frame) => {
  const isUpload =
    frame.has('import-thing') &&
    frame.has('upload') &&
    isOrganiser(frame) &&
    !frame.has('when') &&
    !(frame.has('updated-to') && frame.has('end'))
  const isUndo = frame.has('undo') && frame.has('import', 'import-thing')
  if (isUndo && !frame.has('announce')) return { intent: 'import', ask: 'undo', ...numbered(frame) }
  if (!frame.has('import') && !isUpload) return undefined
  if (frame.indicators.length) return undefined
  if (frame.has('list', 'when') || (frame.has('which') && !frame.has('need', 'how', 'how-do'))) {
    return { intent: 'import', ask: 'list' }
  }
  return { intent: 'import', ask: 'start' }
}

function isOrganiser({ context }: QuestionFrame): boolean {
  return context.actor.role === 'staff' || context.actor.role === 'support' || context.actor.role === 'town'
}

function numbered(frame: QuestionFrame): { number?: number } {
  const number = frame.first('number')?.value
  return number ? { number } : {}
}

/** An order to tell everybody something is one whatever it is about. */
export const noticeRule: IntentRule = (frame) => {
  const { content } = frame
  const isFirst = isOrganiser(frame) && content.length > 2 && content[0]?.senses.some(isAnnounce) === true
  return isFirst && !frame.has('list', 'undo', 'who', 'which')
    ? { intent: 'announce', ask: 'start' }
    : undefined
}

function isAnnounce(sense: Sense): boolean {
  return sense.kind === 'cue' && sense.cue === 'announce'
}

/** Announcements to the groups. */
export const announceRule: IntentRule = (frame) => {
  if (!frame.has('announce') || frame.indicators.length || frame.has('remind', 'bulletin')) return undefined
  if (frame.has('undo')) return { intent: 'announce', ask: 'undo', ...numbered(frame) }
  if (!isOrganiser(frame) && frame.windows.length > 0) return undefined
  if (frame.has('list', 'who', 'which') && !frame.has('announce-verb'))
    return { intent: 'announce', ask: 'list' }
  if (!isOrganiser(frame) && !frame.has('announce-verb') && frame.content.length > 1) return undefined
  return { intent: 'announce', ask: 'start' }
}

/** Periodic reports. */
export const bulletinRule: IntentRule = (frame) => {
  if (!frame.has('bulletin')) return undefined
  if (frame.has('undo')) return { intent: 'bulletin', ask: 'undo' }
  if (frame.has('list', 'which', 'when') && !frame.has('make-one')) return { intent: 'bulletin', ask: 'list' }
  const window = frame.dates
  return {
    intent: 'bulletin',
    ask: 'start',
    ...(window.from !== undefined &&
      window.to !== undefined && { window: { from: window.from, to: window.to } }),
  }
}

/** Tables of what could be asked. */
export const exportRule: IntentRule = (frame) => {
  const isFigure =
    frame.has('score', 'rank', 'activation', 'records', 'lagging', 'task', 'average') ||
    frame.indicators.length > 0
  if (frame.has('export-strong')) return { intent: 'export', ask: 'start' }
  return frame.has('export') && isFigure && !frame.has('import', 'upload', 'how', 'how-do', 'counts', 'limit')
    ? { intent: 'export', ask: 'start' }
    : undefined
}

/** Groups, the process itself and the rules in force. */
export const operateRule: IntentRule = (frame) => {
  if (frame.has('not-understood')) return { intent: 'status', ask: 'not-understood' }
  if (frame.has('groups')) return { intent: 'groups', ask: frame.has('set-group') ? 'set' : 'list' }
  const isItself = frame.has('system') && isOrganiser(frame)
  if (
    frame.has('status-strong') ||
    (frame.has('system') && frame.has('normal')) ||
    (isItself && frame.has('trouble'))
  )
    return { intent: 'status', ask: 'now' }
  return schemes(frame)
}

function schemes(frame: QuestionFrame): Intent | undefined {
  if (frame.has('rules-changed')) return { intent: 'schemes', ask: 'change' }
  if (!frame.has('scheme')) return undefined
  if (!frame.has('scheme-strong') || frame.has('how', 'how-do')) return undefined
  return { intent: 'schemes', ask: 'list' }
}

/** Notices and training files. */
export const materialsRule: IntentRule = (frame) => {
  if (!frame.has('materials') || frame.has('import', 'undo', 'score', 'rank')) return undefined
  const isAll = frame.content.length === 1
  if (!isAll && !frame.has('send-me', 'where-do', 'which')) return undefined
  if (frame.has('how-do', 'counts', 'limit') || frame.indicators.length) return undefined
  return { intent: 'materials', ask: 'list', ...said('title', undefined) }
}
