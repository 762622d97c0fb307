import { parseMoment } from '@space-assistant/core/formats/moments'
import type { Headers } from '@space-assistant/core/formats/headers'
import { fileKinds } from '@space-assistant/core/formats/rows'
import type { FileKind } from '@space-assistant/core/formats/rows'
import type { Day } from '@space-assistant/core/calendar/day'
import words from './words.json'

export { words }

/** What somebody wants of the import command. */
export type ImportCommand =
  | { kind: 'file'; as?: FileKind | undefined; day?: Day | undefined }
  | { kind: 'confirm'; id?: string | undefined }
  | { kind: 'cancel' | 'history' | 'problems' | 'no-number' }
  | { kind: 'undo'; id: number }
  | { kind: 'unknown'; word: string }

/** Understands what follows the import command, elements left out. */
export function parseImportCommand(text: string, dates: Headers['dates']): ImportCommand {
  const [first = '', ...rest] = text.normalize('NFKC').trim().toLowerCase().split(/\s+/)
  if (words.confirm.includes(first)) return { kind: 'confirm', ...(rest[0] && { id: rest[0] }) }
  if (words.cancel.includes(first)) return { kind: 'cancel' }
  if (words.history.includes(first)) return { kind: 'history' }
  if (words.problems.includes(first)) return { kind: 'problems' }
  if (words.undo.includes(first)) {
    const id = Number(/^#?(\d{1,9})$/.exec(rest[0] ?? '')?.[1])
    return Number.isInteger(id) ? { kind: 'undo', id } : { kind: 'no-number' }
  }
  return parseFileWish([first, ...rest].filter(Boolean), dates)
}

/** A kind of file, a date, both in any order, or neither. */
function parseFileWish(parts: string[], dates: Headers['dates']): ImportCommand {
  const wish: ImportCommand = { kind: 'file' }
  for (const part of parts) {
    const kind = fileKinds.find((each) => words.kinds[each].includes(part))
    const moment = kind ? undefined : parseMoment(part, false, dates)
    if (kind) wish.as = kind
    else if (moment) wish.day = moment.day
    else return { kind: 'unknown', word: Array.from(part).slice(0, 20).join('') }
  }
  return wish
}

/** Whether an awaited answer is a yes or a no. */
export function readImportAnswer(text: string): 'confirm' | 'cancel' | undefined {
  const word = text
    .normalize('NFKC')
    .replace(/[.!\s]/g, '')
    .toLowerCase()
  if (words.confirm.includes(word)) return 'confirm'
  return words.cancel.includes(word) ? 'cancel' : undefined
}
