/** What one file may cost. A file that passes a limit is refused whole, with the limit in the message. */
export interface FileLimits {
  /** Bytes of the file. */
  bytes: number
  /** Bytes of a sheet in a packed file (.xlsx) once unpacked. */
  unpackedBytes: number
  /** Rows of a sheet that hold something. */
  rows: number
  /** Columns up to the last one that holds something. */
  columns: number
  /** Characters of one cell. */
  cell: number
  sheets: number
  /** Problems that are kept; the others are only counted. */
  problems: number
  /** Bytes of an .xls, which is read whole into memory. */
  xlsBytes: number
}

export const defaultLimits: FileLimits = {
  bytes: 64 * 2 ** 20,
  unpackedBytes: 400 * 2 ** 20,
  rows: 600_000,
  columns: 200,
  cell: 32_767,
  sheets: 50,
  problems: 100_000,
  xlsBytes: 24 * 2 ** 20,
}
