import PizZip from 'pizzip'
import { Dice } from '../dice'
import type { Original } from './originals'

export interface Mutant {
  seed: number
  kind: string
  /** What was done to it, in order. */
  done: string[]
  bytes: Uint8Array
}

type Mutation = (bytes: Buffer, dice: Dice, others: readonly Original[]) => Buffer

const HUGE = [0xffffffff, 0x7fffffff, 0xfffffffe, 0x80000000, 0x00ffffff, 0xffff]

/** A damaged file, the same for the same seed; the kinds take turns. */
export function mutate(originals: readonly Original[], seed: number): Mutant {
  const dice = new Dice(seed)
  const original = originals[seed % originals.length]
  if (!original) throw new Error('no originals')
  const { kind } = original
  let bytes: Buffer = Buffer.from(original.bytes)
  const done: string[] = []
  const permitted = mutationsOf(bytes)
  for (let more = dice.from(1, 3); more > 0 && bytes.length > 0; more--) {
    const name = dice.pick(permitted)
    bytes = mutations[name](bytes, dice, originals)
    done.push(name)
  }
  return { seed, kind, done, bytes }
}

const isZip = (bytes: Buffer) => bytes.readUInt32LE(0) === 0x04034b50
const isCompound = (bytes: Buffer) => bytes.readUInt32LE(0) === 0xe011cfd0

function mutationsOf(bytes: Buffer): (keyof typeof mutations)[] {
  const any = ['flip', 'replace', 'truncate', 'splice', 'insert', 'huge'] as const
  if (isZip(bytes)) return [...any, 'directory', 'part', 'part', 'part', 'without']
  return isCompound(bytes) ? [...any, 'sectors', 'sectors', 'header'] : [...any, 'digits']
}

const mutations = {
  flip(bytes, dice) {
    for (let more = dice.from(1, 8); more > 0; more--) {
      const at = dice.from(0, bytes.length - 1)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.from(0, 7))
    }
    return bytes
  },
  replace(bytes, dice) {
    for (let more = dice.from(1, 40); more > 0; more--)
      bytes[dice.from(0, bytes.length - 1)] = dice.from(0, 255)
    return bytes
  },
  truncate: (bytes, dice) => bytes.subarray(0, dice.from(1, bytes.length)),
  /** A part of another file, or of this one, stands where it does not belong. */
  splice(bytes, dice, others) {
    const source = Buffer.from(dice.oneIn(2) ? bytes : dice.pick(others).bytes)
    const [from, size] = [dice.from(0, source.length - 1), dice.from(1, 2048)]
    const at = dice.from(0, bytes.length - 1)
    return Buffer.concat([
      bytes.subarray(0, at),
      source.subarray(from, from + size),
      bytes.subarray(at + size),
    ])
  },
  insert(bytes, dice) {
    const at = dice.from(0, bytes.length)
    const block = dice.oneIn(2) ? Buffer.alloc(dice.from(1, 1000), dice.from(0, 255)) : bytes.subarray(at)
    return Buffer.concat([bytes.subarray(0, at), block, bytes.subarray(at)])
  },
  /** Numbers of two or four bytes that say there is a lot. */
  huge(bytes, dice) {
    if (bytes.length < 8) return bytes
    for (let more = dice.from(1, 4); more > 0; more--) {
      const at = dice.from(0, bytes.length - 4)
      if (dice.oneIn(2)) bytes.writeUInt32LE(dice.pick(HUGE), at)
      else bytes.writeUInt16LE(dice.pick([0xffff, 0x7fff, 0x8000]), at)
    }
    return bytes
  },
  /** Numbers in a text. */
  digits(bytes, dice) {
    const latin = bytes.toString('latin1')
    const wide = dice.pick(['999999999', '4294967295', '1e300', '-1', '0', '99999999999999999999'])
    const found = [...latin.matchAll(/\d+/g)]
    if (!found.length) return bytes
    const one = dice.pick(found)
    return Buffer.from(latin.slice(0, one.index) + wide + latin.slice(one.index + one[0].length), 'latin1')
  },
  /** What the directory of an archive says of its parts: sizes, places, lengths of names, how many there are. */
  directory(bytes, dice) {
    const records = placesOf(bytes, [0x02014b50, 0x06054b50, 0x04034b50])
    if (!records.length) return bytes
    const at = dice.pick(records) + dice.pick([4, 6, 8, 10, 12, 16, 20, 24, 26, 28, 30, 32, 42])
    if (at + 4 > bytes.length) return bytes
    const lie = dice.pick([0, 1, ...HUGE, dice.from(0, bytes.length)])
    if (dice.oneIn(2)) bytes.writeUInt32LE(lie >>> 0, at)
    else bytes.writeUInt16LE(lie & 0xffff, at)
    return bytes
  },
  /** A part is damaged and packed again, so that its checksum is right. */
  part(bytes, dice, others) {
    return repacked(bytes, (zip, names) => {
      const name = dice.pick(names)
      const content = Buffer.from(zip.file(name)?.asUint8Array() ?? [])
      if (!content.length) return
      const how = dice.pick([
        'flip',
        'replace',
        'truncate',
        'splice',
        'insert',
        'digits',
        'digits',
        'digits',
      ] as const)
      zip.file(name, mutations[how](content, dice, others))
    })
  },
  without: (bytes, dice) => repacked(bytes, (zip, names) => void zip.remove(dice.pick(names))),
  /** The chains of sectors of an old file: into themselves, into each other, out of the file. */
  sectors(bytes, dice) {
    const table = (bytes.readUInt32LE(76) + 1) * 512
    if (table + 512 > bytes.length) return bytes
    for (let more = dice.from(1, 6); more > 0; more--) {
      const entry = dice.from(0, 127)
      const next = dice.pick([entry, dice.from(0, 127), dice.from(0, 20), ...HUGE])
      bytes.writeUInt32LE(next >>> 0, table + entry * 4)
    }
    return bytes
  },
  header(bytes, dice) {
    bytes.writeUInt32LE(
      dice.pick([0, 1, 2, ...HUGE]) >>> 0,
      dice.pick([30, 32, 44, 48, 56, 60, 64, 68, 72, 76, 80]),
    )
    return bytes
  },
} satisfies Record<string, Mutation>

function placesOf(bytes: Buffer, signatures: readonly number[]): number[] {
  const places: number[] = []
  for (let at = 0; at + 4 <= bytes.length; at++)
    if (signatures.includes(bytes.readUInt32LE(at))) places.push(at)
  return places
}

function repacked(bytes: Buffer, change: (zip: PizZip, names: string[]) => void): Buffer {
  try {
    const zip = new PizZip(bytes)
    change(zip, Object.keys(zip.files))
    return zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' })
  } catch {
    // An earlier mutation has ruined the archive.
    return bytes
  }
}
