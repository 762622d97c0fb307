import { isUtf8 } from 'node:buffer'
import { encodingOf } from '../../formats/encoding'
import type { HeaderRow } from '../../formats/header-row'
import type { TableColumn, Headers } from '../../formats/headers'
import { defaultLimits } from '../../formats/limits'
import { parseFile } from '../../formats/parse'
import type { RosterRow } from '../../formats/rows'
import type { Scheme } from '../../scheme/scheme'
import type { School } from '../../roster/member'
import type { Engine } from './engine'
import { readHead, wordLines } from './head'
import type { Head } from './head'
import { inOrder, roleByte } from './people'
import type { EnginePeople } from './people'
import type { Accounts, Lines } from './texts'

/** What a roster says of a school; rows repeat it. */
export type SchoolWords = Pick<RosterRow, 'schoolCode' | 'schoolName' | 'town' | 'stage'>

/** A roster in an engine's memory. */
export interface EngineRoster {
  accounts: Accounts
  names: Lines
  /** What is said of schools, in the order of the rows, without what the row before said of the same one. */
  sights: SchoolWords[]
  /** The members with their schools, whatever else is known of these by now. */
  people(schools: Iterable<School>): EnginePeople
}

/** Numbers of `Kind` of the engine. */
const kinds = { skipped: 0, account: 1, name: 2, code: 3, words: 4, meant: 5 } as const

/** How each column is read; those of which the number is asked come first, in the order of their places. */
const columns = {
  schoolCode: 'code',
  schoolName: 'words',
  town: 'words',
  stage: 'meant',
  roles: 'meant',
  state: 'meant',
  subject: 'words',
  opened: 'meant',
  account: 'account',
  name: 'name',
} as const satisfies Partial<Record<TableColumn, keyof typeof kinds>>
type RosterColumn = keyof typeof columns
const order = Object.keys(columns) as RosterColumn[]
const PLACES = 6
/** The number of the roles is so many times as high as that of the state. */
const MOST_MEANT = 64

const unlimited = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

/**
 * Reads a roster of plain rows: no quotes, every word known or understood, nothing wrong anywhere. Undefined for any
 * other, which only the general reader can read.
 */
export async function readRosterLines(
  engine: Engine,
  file: Uint8Array,
  options: { headers: Headers; scheme: Scheme },
): Promise<EngineRoster | undefined> {
  const bytes = inUtf8(file)
  if (!bytes || bytes.includes(QUOTE)) return
  const head = await readHead(bytes, { ...options, kind: 'roster', encoding: 'utf-8' }).catch(() => undefined)
  if (!head || head.header.spare.size) return
  const start = engine.put(bytes)
  const roster = putRoster(engine, head, options.headers)
  const end = start + bytes.length
  // Room for a member in every line, each of which has an account.
  const room = Math.ceil((bytes.length - head.end) / LEAST_ROW) + 1
  if (!engine.calls.readRoster(roster, start + head.end, end, room)) return
  const read = Object.fromEntries(
    fields.map((field, place) => [field, engine.words[roster / 4 + place]]),
  ) as EngineFields
  const examples = await readExamples(engine, read, bytes.subarray(0, head.end), {
    ...options,
    header: head.header,
  })
  return examples && rosterOf(engine, read, examples)
}

const QUOTE = 34
const LINE_END = 10
/** Bytes of the shortest row: a text in each of five columns. */
const LEAST_ROW = 10

/** The bytes in UTF-8 without mark, ended by a line end. */
function inUtf8(file: Uint8Array): Uint8Array | undefined {
  let bytes = file
  try {
    if (!isUtf8(file)) {
      const decoder = new TextDecoder(encodingOf(file), { fatal: true })
      bytes = new TextEncoder().encode(decoder.decode(file))
    }
  } catch {
    return
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
  return bytes.at(-1) === LINE_END ? bytes : Buffer.concat([bytes, Uint8Array.of(LINE_END)])
}

/** Words of a `Roster` of the engine. */
const fields = [
  ...(['columns', 'width', 'delimiter', 'judged', 'totals', 'texts'] as const),
  ...(['accountLines', 'accountEnd', 'nameLines', 'nameEnd', 'codes', 'roles', 'size'] as const),
  ...(['sights', 'sightCount', 'examples', 'exampleCount'] as const),
]
type EngineFields = Record<(typeof fields)[number], number>

function putRoster(engine: Engine, { header: { at }, delimiter }: Head, headers: Headers): number {
  const width = Math.max(...at.values()) + 1
  const list: number[] = []
  for (let index = 0; index < width; index++) {
    const column = order.find((name) => at.get(name) === index)
    const place = column ? order.indexOf(column) + 1 : 0
    const kind = column ? kinds[columns[column]] : kinds.skipped
    list.push(kind, engine.calls.newTexts(64), place <= PLACES ? place : 0)
  }
  const needed = (['schoolCode', 'schoolName', 'name', 'account', 'roles'] as const)
    .map((column) => at.get(column)!)
    .sort((a, b) => a - b)
  const totals = wordLines(headers.totals, 'utf-8')
  const address = engine.calls.take(fields.length * 4)
  const words = [
    engine.putWords(list),
    width,
    delimiter.charCodeAt(0),
    needed[1]!,
    engine.calls.textsOf(engine.put(totals), totals.length, headers.totals.size),
    engine.calls.newTexts(1024),
  ]
  engine.words.set(words, address / 4)
  return address
}

/** By column: the rows that are examples of numbers. */
type Examples = ReadonlyMap<RosterColumn, ReadonlyMap<number, RosterRow>>

/** Reads the rows that are examples; undefined when there is anything wrong with one. */
async function readExamples(
  engine: Engine,
  { examples: first, exampleCount }: EngineFields,
  head: Uint8Array,
  { headers, scheme, header: { at, row: rows } }: { headers: Headers; scheme: Scheme; header: HeaderRow },
): Promise<Examples | undefined> {
  const list = engine.words.slice(first / 4, first / 4 + exampleCount * 4)
  const lines = new Map<number, Uint8Array>()
  for (let i = 0; i < list.length; i += 4) {
    lines.set(list[i + 2]!, engine.bytes.slice(list[i + 2], list[i + 2]! + list[i + 3]!))
  }
  const file = await parseFile(Buffer.concat([head, ...lines.values()]), {
    headers,
    scheme,
    kind: 'roster',
    limits: unlimited,
  })
  if (file.kind !== 'roster' || file.problems.length || file.rows.length !== lines.size) return
  const places = [...lines.keys()]
  const read = new Map(file.rows.map((row) => [places[row.row - rows - 1], row]))
  const examples = new Map<RosterColumn, Map<number, RosterRow>>()
  // The first row is the example for what the file does not have.
  for (const column of order) examples.set(column, new Map(at.has(column) ? [] : [[0, file.rows[0]!]]))
  const names = new Map(order.map((column) => [at.get(column), column]))
  for (let i = 0; i < list.length; i += 4) {
    const column = names.get(list[i])
    if (column) examples.get(column)!.set(list[i + 1]!, read.get(list[i + 2])!)
  }
  return examples
}

function rosterOf(engine: Engine, read: EngineFields, examples: Examples): EngineRoster {
  const { accountLines, accountEnd, nameLines, nameEnd, size: count } = read
  const meanings = new Meanings(engine, examples)
  const sights: SchoolWords[] = []
  const codeOf: string[] = []
  const list = engine.words.slice(read.sights / 4, read.sights / 4 + read.sightCount * SIGHT)
  for (let i = 0; i < list.length; i += SIGHT) {
    const words = meanings.school(list.subarray(i, i + SIGHT))
    codeOf[list[i]!] = words.schoolCode
    sights.push(words)
  }
  return {
    accounts: { count, lines: accountLines, size: accountEnd - accountLines, texts: read.texts },
    names: { lines: nameLines, size: nameEnd - nameLines },
    sights,
    people(schools) {
      const sorted = inOrder(schools)
      const { calls } = engine
      calls.mapWords(read.codes, count, engine.putWords(codeOf.map((code) => sorted.indexes.get(code)!)))
      const roles = calls.mapToBytes(read.roles, count, engine.put(meanings.roleBytes()))
      return {
        accounts: this.accounts,
        names: this.names,
        schoolOf: read.codes,
        roles,
        schools: sorted.schools,
      }
    },
  }
}

/** Words of a `Sight` of the engine: four numbers, then where the four texts stand with their lengths. */
const SIGHT = 12

/** What the numbers of a roster's words mean. */
class Meanings {
  constructor(
    readonly engine: Engine,
    readonly examples: Examples,
  ) {}

  school(sight: Uint32Array): SchoolWords {
    const text = <K extends keyof SchoolWords>(column: K, place: number) => {
      const example = this.examples.get(column)?.get(sight[place]!)
      const [at, length] = [sight[4 + place * 2]!, sight[5 + place * 2]!]
      return example ? example[column] : this.engine.text(at, length)
    }
    return {
      schoolCode: text('schoolCode', 0),
      schoolName: text('schoolName', 1),
      town: text('town', 2),
      stage: text('stage', 3),
    }
  }

  /** By number of the roles and number of the state: the byte of a member. */
  roleBytes(): Uint8Array {
    const bytes = new Uint8Array(MOST_MEANT * MOST_MEANT)
    for (const [role, { roles }] of this.examples.get('roles')!) {
      for (const [number, { state }] of this.examples.get('state')!) {
        bytes[role * MOST_MEANT + number] = roleByte({ roles, state })
      }
    }
    return bytes
  }
}
