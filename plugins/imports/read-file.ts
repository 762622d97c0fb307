import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { parseFile } from '@space-assistant/core/formats/parse'
import type { FileKind, FileRefusal, ParsedFile } from '@space-assistant/core/formats/rows'
import { collectRecordRows, readRecordFile } from '@space-assistant/core/pipeline/record-file'
import type { RecordFile } from '@space-assistant/core/pipeline/record-file'
import { sourceOfBytes } from '@space-assistant/core/pipeline/source'
import type { ByteSource } from '@space-assistant/core/pipeline/source'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { readXlsInProcess } from './xls-process'

export interface ImportFile {
  name: string
  /** What is in it: all at once, or read piece by piece, which is the way for what is too large to be held. */
  bytes: Uint8Array | ByteSource
  /** Recognised by its header when left out. */
  kind?: FileKind | undefined
  /** Day of a platform report that states none. */
  day?: Day | undefined
  /** How the caller is named in the history when it has no roster account. */
  by?: string | undefined
  /** Called with the number of rows read so far, every few hundred. */
  progress?: ((rows: number) => void) | undefined
}

/** A file that was understood. */
export type ReadFile = RecordFile | Exclude<ParsedFile, { kind: 'records' }>

export function sourceOf(bytes: ImportFile['bytes']): ByteSource {
  return bytes instanceof Uint8Array ? sourceOfBytes(bytes) : bytes
}

/** Reads files by the rules and the people of now. */
export class FileReader {
  constructor(readonly ctx: Context) {}

  /** Records in plain lines go straight into tallies, however many; everything else through the general reader. */
  async read(source: ByteSource, file: ImportFile): Promise<ReadFile | FileRefusal> {
    const today = dayOf(new Date())
    const context = { ...this.ctx.scoreboard.recordContext(), today, pause: () => setImmediate() }
    if (file.kind === undefined || file.kind === 'records') {
      const { kind, progress } = file
      const options = { ...context, ...(kind && { kind }), ...(progress && { progress }) }
      const read = await readRecordFile(source, options)
      if (read) return read
    }
    const limit = defaultLimits.bytes
    if (source.size > limit) {
      const params = { size: Math.ceil(source.size / 2 ** 20), limit: Math.ceil(limit / 2 ** 20) }
      return { kind: 'refusal', code: 'too-big', params }
    }
    const parsed = await this.#parse(bytesOf(source), file, today)
    return parsed.kind === 'records' ? collectRecordRows(parsed, context) : parsed
  }

  #parse(bytes: Uint8Array, file: ImportFile, today: number): Promise<ParsedFile | FileRefusal> {
    const { schemes, roster } = this.ctx
    return parseFile(bytes, {
      headers: schemes.headers,
      scheme: schemes.active,
      kind: file.kind,
      day: file.day,
      today,
      accounts: {
        has: (account) => roster.member(account) !== undefined,
        keys: () => roster.members().map(({ account }) => account),
      },
      schools: {
        has: (code) => roster.school(code) !== undefined,
        keys: () => roster.schools().map(({ code }) => code),
      },
      readXls: readXlsInProcess,
      progress: file.progress,
    })
  }
}

function bytesOf(source: ByteSource): Uint8Array {
  const bytes = new Uint8Array(source.size)
  return bytes.subarray(0, source.read(bytes, 0, bytes.length, 0))
}

const PIECE = 1 << 20

/** The SHA-256 of a file in hexadecimal digits. */
export async function hashSource(source: ByteSource): Promise<string> {
  const hash = createHash('sha256')
  const piece = new Uint8Array(Math.min(PIECE, source.size))
  for (let at = 0; at < source.size;) {
    const size = source.read(piece, 0, piece.length, at)
    if (!size) break
    hash.update(piece.subarray(0, size))
    at += size
    await setImmediate()
  }
  return hash.digest('hex')
}
