import { RefusedCell } from './cells'
import type { Sheet } from './cells'
import { containerOf } from './container'
import { readDelimited } from './delimited'
import { FileReading } from './file-reading'
import type { TableOptions } from './file-reading'
import { defaultLimits } from './limits'
import type { FileLimits } from './limits'
import type { ParsedFile, FileRefusal } from './rows'
import { readWebTables } from './web-table'
import { packedKind, readWorkbook } from './workbook'
import { readXlsSheets, sheetsOf } from './xls'
import type { XlsSheet } from './xls'

export interface ParseOptions extends TableOptions {
  limits?: Partial<FileLimits> | undefined
  /** Reads what only a library reads (.xls, .xlsb, .ods) somewhere else, e.g. in a process; by default here, in one go. */
  readXls?: ((bytes: Uint8Array, limits: FileLimits) => Promise<XlsSheet[]>) | undefined
}

/**
 * Reads a file that staff bring. Gives the rows that are understood with a problem for each refused one, or the
 * reason why the file cannot be used. Never throws for what is in the file, and lets other work run in between.
 */
export async function parseFile(bytes: Uint8Array, options: ParseOptions): Promise<ParsedFile | FileRefusal> {
  try {
    const limits = { ...defaultLimits, ...options.limits }
    const read = async (file: FileReading) => {
      for await (const sheet of sheetsIn(bytes, options, limits)) await file.read(sheet)
      return file
    }
    const file = await read(new FileReading(options, limits))
    // Merged cells are known when the rows have gone by; few files have any among their data, and those are read again.
    return (file.merges.size ? await read(new FileReading(options, limits, file.merges)) : file).result()
  } catch (error) {
    if (error instanceof RefusedCell) return { kind: 'refusal', code: error.code, params: error.params }
    throw error
  }
}

/** The sheets of a file, whatever it is packed in. Throws a RefusedCell for what is no table. */
export async function* sheetsIn(
  bytes: Uint8Array,
  options: Pick<ParseOptions, 'readXls'>,
  limits: FileLimits,
): AsyncGenerator<Sheet> {
  refuseOver(bytes, limits.bytes)
  const byLibrary = async () => {
    refuseOver(bytes, limits.xlsBytes)
    return sheetsOf(await (options.readXls?.(bytes, limits) ?? readXlsSheets(bytes, limits)))
  }
  switch (containerOf(bytes)) {
    case 'zip':
      yield* packedKind(bytes, limits) === 'xlsx' ? readWorkbook(bytes, limits) : await byLibrary()
      return
    case 'ole2':
    case 'biff':
    case 'xml2003':
      yield* await byLibrary()
      return
    case 'html':
      yield* await readWebTables(bytes, limits)
      return
    case 'text':
      yield await readDelimited(bytes, limits)
  }
}

function refuseOver(bytes: Uint8Array, limit: number): void {
  const megabytes = (size: number) => Math.ceil(size / 2 ** 20)
  if (bytes.length <= limit) return
  throw new RefusedCell('too-big', { size: megabytes(bytes.length), limit: megabytes(limit) })
}
