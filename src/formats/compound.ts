import { RefusedCell } from './cells'

const END = 0xfffffffe
const LAST_SECTOR = 0xfffffffa
const HEADER_ENTRIES = 109

/** What has to be known of a compound file to follow its chains ([MS-CFB]). */
interface CompoundHeader {
  view: DataView
  size: number
  sectors: number
}

/**
 * Refuses a compound file (.xls) whose chains of sectors loop or lead out of the file: the library that reads them
 * follows a loop until the memory is full. Only the container is looked at, not what is in it.
 */
export function checkCompoundFile(bytes: Uint8Array): void {
  try {
    const header = headerOf(bytes)
    const table = allocationTable(header)
    refuseLoops(table)
    const { view } = header
    const directory = chainFrom(table, view.getUint32(48, true))
    const small = chainFrom(table, view.getUint32(60, true))
    refuseLoops(entriesIn(header, small))
    refuseTreeLoops(header, directory)
  } catch (error) {
    if (error instanceof RangeError) throw new RefusedCell('broken-file')
    throw error
  }
}

function headerOf(bytes: Uint8Array): CompoundHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shift = view.getUint16(30, true)
  if (shift !== 9 && shift !== 12) throw new RefusedCell('broken-file')
  const size = 1 << shift
  return { view, size, sectors: Math.ceil(bytes.length / size) }
}

/** The entries of the allocation table, whose own sectors the header and a chain behind it list. */
function allocationTable(header: CompoundHeader): Uint32Array {
  const { view, size, sectors } = header
  const parts: number[] = []
  const add = (at: number, entries: number) => {
    for (let entry = 0; entry < entries; entry++) {
      const sector = view.getUint32(at + entry * 4, true)
      if (sector <= LAST_SECTOR) parts.push(sector)
    }
    if (parts.length > sectors) throw new RefusedCell('broken-file')
  }
  add(76, HEADER_ENTRIES)
  let next = view.getUint32(68, true)
  for (let seen = 0; next <= LAST_SECTOR; seen++) {
    if (seen > sectors) throw new RefusedCell('broken-file')
    const at = (next + 1) * size
    add(at, size / 4 - 1)
    next = view.getUint32(at + size - 4, true)
  }
  return entriesIn(header, parts)
}

/** The numbers in a list of sectors; what lies behind the end of the file is nothing. */
function entriesIn({ view, size }: CompoundHeader, list: readonly number[]): Uint32Array {
  const entries = new Uint32Array((list.length * size) / 4).fill(END)
  for (const [index, sector] of list.entries()) {
    const at = (sector + 1) * size
    for (let word = 0; word < size / 4 && at + word * 4 + 4 <= view.byteLength; word++)
      entries[(index * size) / 4 + word] = view.getUint32(at + word * 4, true)
  }
  return entries
}

/** Each entry names the next sector of its chain. A chain that meets itself never ends. */
function refuseLoops(table: Uint32Array): void {
  const walk = new Uint32Array(table.length)
  for (let start = 0; start < table.length; start++) {
    for (let at = start; at < table.length && walk[at] !== start + 1; at = table[at] ?? END) {
      if (walk[at]) break
      walk[at] = start + 1
      const next = table[at] ?? END
      if (next < table.length && walk[next] === start + 1) throw new RefusedCell('broken-file')
    }
  }
}

function chainFrom(table: Uint32Array, start: number): number[] {
  const chain: number[] = []
  for (let at = start; at <= LAST_SECTOR; at = table[at] ?? END) {
    if (chain.length > table.length) throw new RefusedCell('broken-file')
    chain.push(at)
  }
  return chain
}

/** The directory is a tree of entries of 128 bytes, each with two siblings and a child. */
function refuseTreeLoops({ view, size }: CompoundHeader, directory: readonly number[]): void {
  const places = directory.flatMap((sector) =>
    Array.from({ length: size / 128 }, (_, entry) => (sector + 1) * size + entry * 128),
  )
  const seen = new Set<number>()
  const open = [0]
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const at = places[entry]
    if (at === undefined || at + 128 > view.byteLength) continue
    if (seen.has(entry)) throw new RefusedCell('broken-file')
    seen.add(entry)
    for (const link of [68, 72, 76]) {
      const other = view.getUint32(at + link, true)
      if (other <= LAST_SECTOR) open.push(other)
    }
  }
}
