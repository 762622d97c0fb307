import { isMap, isScalar, isSeq } from 'yaml'
import type { Node } from 'yaml'
import { readDocument, showValue } from '../configuration/document'
import type { ConfigDocument, ConfigProblem } from '../configuration/document'
import type { Permitted } from '../configuration/permitted'
import { ConfigError } from '../scheme/problem'
import { attributes, memberRoles } from '../scheme/scheme'
import type { Attribute, MemberRole } from '../scheme/scheme'
import { fileKinds } from './rows'
import { memberStates } from '../roster/member'
import type { FileKind } from './rows'
import type { MemberState } from '../roster/member'
import { wordKey } from '../text/normalise'

/** Columns by kind of file; `needed` ones must be in the header row, or one of `either`. */
export const tableColumnsOf = {
  roster: [
    'schoolCode',
    'schoolName',
    'town',
    'stage',
    'name',
    'account',
    'roles',
    'state',
    'subject',
    'opened',
  ],
  schools: ['code', 'name', 'town', 'stage', 'students', 'studentsOpened', 'studentsTookPart'],
  records: ['account', 'indicator', 'time', 'count', 'recordId', ...attributes],
  snapshot: ['account', 'schoolCode', 'day', 'total'],
} as const satisfies Record<FileKind, readonly string[]>

export type RosterColumn = (typeof tableColumnsOf.roster)[number]
export type SchoolsColumn = (typeof tableColumnsOf.schools)[number]
export type RecordsColumn = 'account' | 'indicator' | 'time' | 'count' | 'recordId' | Attribute
export type SnapshotColumn = (typeof tableColumnsOf.snapshot)[number]
export type TableColumn = RosterColumn | SchoolsColumn | RecordsColumn | SnapshotColumn

/** Columns of the tables that an award's round brings: who is nominated, and what judges give. */
export const awardColumnsOf = {
  nominations: ['award', 'nominee', 'nominator', 'remark'],
  sheets: ['award', 'nominee', 'judge', 'affiliation'],
} as const
export type AwardTableKind = keyof typeof awardColumnsOf
export type AwardColumn = (typeof awardColumnsOf)[AwardTableKind][number]

/** The words of config/headers.yml, ready for look-up. Every key of a map or set is a `wordKey`. */
export interface Headers {
  /** Column by alias. */
  columns: Record<FileKind, ReadonlyMap<string, TableColumn>>
  /** The word shown in messages for each column. */
  names: Record<FileKind, ReadonlyMap<TableColumn, string>>
  /** Column of an award's table by alias, and the word shown in messages for it. */
  awards: Record<AwardTableKind, ReadonlyMap<string, AwardColumn>>
  awardNames: Record<AwardTableKind, ReadonlyMap<AwardColumn, string>>
  roles: ReadonlyMap<string, MemberRole>
  states: ReadonlyMap<string, MemberState>
  /** Words for yes and no. */
  answers: ReadonlyMap<string, boolean>
  /** Stage by alias; the values are the standard words, in the order of the file. */
  stages: ReadonlyMap<string, string>
  totals: ReadonlySet<string>
  /** What may stand between two roles in one cell. */
  separators: readonly string[]
  /** Words in dates with what stands for them, longest first. */
  dates: readonly (readonly [word: string, replacement: string])[]
}

/**
 * Reads the text of config/headers.yml; `file` is only named in messages.
 * Throws a ConfigError with file, line, path, the given and the permitted.
 */
export function parseHeaders(text: string, file: string): Headers {
  const words = new WordFile(text, file)
  const columns = {} as Record<FileKind, ReadonlyMap<string, TableColumn>>
  const names = {} as Record<FileKind, ReadonlyMap<TableColumn, string>>
  const awards = {} as Headers['awards']
  const awardNames = {} as Headers['awardNames']
  words.onlyKeys(
    [],
    ['columns', 'awards', 'roles', 'states', 'yes', 'no', 'stages', 'totals', 'separators', 'dates'],
  )
  words.onlyKeys(['columns'], fileKinds)
  for (const kind of fileKinds) {
    columns[kind] = words.lookup<TableColumn>(['columns', kind], tableColumnsOf[kind])
    names[kind] = new Map(tableColumnsOf[kind].map((c) => [c, words.list(['columns', kind, c])[0]!.word]))
  }
  const tables = ['nominations', 'sheets'] as const
  words.onlyKeys(['awards'], tables)
  for (const kind of tables) {
    const own: readonly AwardColumn[] = awardColumnsOf[kind]
    awards[kind] = words.lookup<AwardColumn>(['awards', kind], own)
    awardNames[kind] = new Map(own.map((column) => [column, words.first(['awards', kind, column])]))
  }
  return {
    columns,
    names,
    awards,
    awardNames,
    roles: words.lookup(['roles'], memberRoles),
    states: words.lookup(['states'], memberStates),
    answers: answersOf(words),
    stages: stagesOf(words),
    totals: new Set(words.list(['totals']).map(({ word }) => wordKey(word))),
    separators: words.list(['separators']).map(({ word }) => word),
    dates: datesOf(words),
  }
}

function answersOf(words: WordFile): Map<string, boolean> {
  const found = new Map<string, boolean>()
  for (const [key, answer] of [['yes', true] as const, ['no', false] as const]) {
    for (const { word, node } of words.list([key])) words.add(found, word, answer, [key], node)
  }
  return found
}

function stagesOf(words: WordFile): Map<string, string> {
  const found = new Map<string, string>()
  for (const { word: stage, node } of words.keys(['stages'])) {
    words.add(found, stage, stage, ['stages'], node)
    for (const alias of words.list(['stages', stage], 0)) {
      words.add(found, alias.word, stage, ['stages', stage], alias.node)
    }
  }
  return found
}

function datesOf(words: WordFile): [string, string][] {
  return words
    .keys(['dates'])
    .map(({ word }): [string, string] => [word, words.text(['dates', word])])
    .sort(([a], [b]) => b.length - a.length)
}

interface Word {
  word: string
  node: Node
}

type Found = Pick<ConfigProblem, 'code' | 'params' | 'permitted'>

const wordList: Permitted = { kind: 'list', min: 1 }
const oneWord: Permitted = { kind: 'text', min: 1 }

/** The yml document with the checks that every part of it needs; each complaint names its line. */
class WordFile {
  private readonly yaml: ConfigDocument

  constructor(
    text: string,
    private readonly file: string,
  ) {
    const read = readDocument(text, file)
    if (!read.ok) throw new ConfigError(read.problems.slice(0, 1))
    this.yaml = read.value
  }

  private fail(path: string[], node: Node | undefined, problem: Found): ConfigError {
    const offset = node?.range?.[0]
    const line = offset === undefined ? undefined : this.yaml.lines.linePos(offset).line
    return new ConfigError([{ file: this.file, path: path.join('.'), line, ...problem }])
  }

  private wrong(path: string[], node: unknown, permitted: Permitted | undefined): ConfigError {
    const given: unknown = isScalar(node)
      ? node.value
      : isMap(node) || isSeq(node)
        ? node.toJSON()
        : undefined
    const found: Found =
      given === undefined || given === null
        ? { code: 'missing', params: {} }
        : { code: 'not-permitted', params: { given: showValue(given) } }
    return this.fail(path, asNode(node), { ...found, permitted })
  }

  private at(path: string[]): unknown {
    const { document } = this.yaml
    return path.length ? document.getIn(path, true) : document.contents
  }

  keys(path: string[], permitted?: readonly string[]): Word[] {
    const node = this.at(path)
    if (!isMap(node)) throw this.wrong(path, node, permitted && { kind: 'keys', keys: [...permitted] })
    return node.items.map(({ key }) => {
      if (!isScalar(key)) throw this.wrong(path, key, oneWord)
      return { word: String(key.value), node: key }
    })
  }

  onlyKeys(path: string[], permitted: readonly string[]): void {
    for (const { word, node } of this.keys(path, permitted)) {
      if (permitted.includes(word)) continue
      const problem = { code: 'unknown-key', params: { given: word } }
      throw this.fail([...path, word], node, {
        ...problem,
        permitted: { kind: 'keys', keys: [...permitted] },
      })
    }
  }

  list(path: string[], atLeast = 1): Word[] {
    const node = this.at(path)
    if (!isSeq(node) || node.items.length < atLeast) throw this.wrong(path, node, wordList)
    return node.items.map((item) => {
      const word = isScalar(item) ? String(item.source ?? item.value).trim() : ''
      if (!isScalar(item) || !word) throw this.wrong(path, item, oneWord)
      return { word, node: item }
    })
  }

  first(path: string[]): string {
    return this.list(path)[0]?.word ?? ''
  }

  text(path: string[]): string {
    const node = this.at(path)
    if (!isScalar(node) || typeof node.value !== 'string') throw this.wrong(path, node, { kind: 'text' })
    return node.value
  }

  /** Values by word of a mapping from each permitted key to a list of words. */
  lookup<V extends string>(path: string[], keys: readonly V[]): Map<string, V> {
    this.onlyKeys(path, keys)
    const found = new Map<string, V>()
    for (const key of keys) {
      for (const { word, node } of this.list([...path, key])) this.add(found, word, key, [...path, key], node)
    }
    return found
  }

  add<V>(found: Map<string, V>, word: string, value: V, path: string[], node: Node): void {
    const key = wordKey(word)
    if (found.has(key)) {
      const other = [...path.slice(0, -1), String(found.get(key))].join('.')
      throw this.fail(path, node, { code: 'word-twice', params: { given: word, other } })
    }
    found.set(key, value)
  }
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined
}
