import { parseMoment } from '@space-assistant/core/formats/moments'
import type { Headers } from '@space-assistant/core/formats/headers'
import { fileKinds } from '@space-assistant/core/formats/rows'
import type { FileKind } from '@space-assistant/core/formats/rows'
import type { Day } from '@space-assistant/core/calendar/day'
import words from './words.json'

export { words }

/** What somebody wants of the import command. */
export type ImportCommand =
  | { kind: 'file'; as?: FileKind; day?: Day }
  | { kind: 'confirm'; id?: string }
  | { kind: 'cancel' | 'history' | 'problems' }
  /** Without a number the last one. */
  | { kind: 'undo'; id?: number }
  | { kind: 'unknown'; word: string }

/** Understands what follows the import command, elements left out. */
export function parseImportCommand(text: string, dates: Headers['dates']): ImportCommand {
  const [first = '', ...rest] = text.normalize('NFKC').trim().toLowerCase().split(/\s+/)
  if (words.confirm.includes(first)) return { kind: 'confirm', ...(rest[0] && { id: rest[0] }) }
  if (words.cancel.includes(first)) return { kind: 'cancel' }
  if (words.history.includes(first)) return { kind: 'history' }
  if (words.problems.includes(first)) return { kind: 'problems' }
  if (words.undo.includes(first)) {
    const id = /^#?(\d{1,9})\D?$/.exec(rest[0] ?? '')?.[1]
    return { kind: 'undo', ...(id !== undefined && { id: Number(id) }) }
  }
  return parseFileCommand([first, ...rest].filter(Boolean), dates)
}

/** A kind of file, a date, both in any order, or neither. */
function parseFileCommand(parts: string[], dates: Headers['dates']): ImportCommand {
  const command: ImportCommand = { kind: 'file' }
  for (const part of parts) {
    const kind = fileKinds.find((each) => words.kinds[each].includes(part))
    const moment = kind ? undefined : parseMoment(part, false, dates)
    if (kind) command.as = kind
    else if (moment) command.day = moment.day
    else return { kind: 'unknown', word: Array.from(part).slice(0, 20).join('') }
  }
  return command
}
