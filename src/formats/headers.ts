import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import { attributes, memberRoles } from '../scheme/scheme'
import type { Attribute, MemberRole } from '../scheme/scheme'
import { fileKinds, memberStates } from './rows'
import type { FileKind, MemberState } from './rows'
import { wordKey } from './text'

/** Columns by kind of file; `needed` ones must be in the header row, or one of `either`. */
export const columnsOf = {
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

export type RosterColumn = (typeof columnsOf.roster)[number]
export type SchoolsColumn = (typeof columnsOf.schools)[number]
export type RecordsColumn = 'account' | 'indicator' | 'time' | 'count' | 'recordId' | Attribute
export type SnapshotColumn = (typeof columnsOf.snapshot)[number]
export type Column = RosterColumn | SchoolsColumn | RecordsColumn | SnapshotColumn

/** The words of config/headers.yml, ready for look-up. Every key of a map or set is a `wordKey`. */
export interface Headers {
  /** Column by alias. */
  columns: Record<FileKind, ReadonlyMap<string, Column>>
  /** The word shown in messages for each column. */
  names: Record<FileKind, ReadonlyMap<Column, string>>
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

/** A mistake in a configuration file: where, what was found, and what is permitted. */
export class HeadersError extends Error {
  override name = 'HeadersError'
}

/**
 * Reads the text of config/headers.yml; `file` is only named in messages.
 * Throws a HeadersError with file, line, path, the given and the permitted.
 */
export function parseHeaders(text: string, file: string): Headers {
  const words = new WordFile(text, file)
  const columns = {} as Record<FileKind, ReadonlyMap<string, Column>>
  const names = {} as Record<FileKind, ReadonlyMap<Column, string>>
  words.onlyKeys([], ['columns', 'roles', 'states', 'yes', 'no', 'stages', 'totals', 'separators', 'dates'])
  words.onlyKeys(['columns'], fileKinds)
  for (const kind of fileKinds) {
    columns[kind] = words.lookup<Column>(['columns', kind], columnsOf[kind])
    names[kind] = new Map(columnsOf[kind].map((c) => [c, words.list(['columns', kind, c])[0]!.word]))
  }
  return {
    columns,
    names,
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

/** The yml document with the checks that every part of it needs; each complaint names its line. */
class WordFile {
  private readonly lines = new LineCounter()
  private readonly document: Document

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, keepSourceTokens: true })
    const error = this.document.errors[0]
    if (error) {
      const { line, col } = this.lines.linePos(error.pos[0])
      throw new HeadersError(`${file}:${line}:${col}: not valid YAML: ${error.message.split('\n')[0]}`)
    }
  }

  fail(path: string[], node: Node | undefined, given: string, permitted: string): never {
    const offset = node?.range?.[0]
    const line = offset === undefined ? '' : `:${this.lines.linePos(offset).line}`
    const at = path.length ? path.join('.') : 'the file'
    throw new HeadersError(`${this.file}${line}: ${at} is ${given}; permitted: ${permitted}`)
  }

  keys(path: string[]): Word[] {
    const node = path.length ? this.document.getIn(path, true) : this.document.contents
    if (!isMap(node)) this.fail(path, asNode(node), describe(node), 'a mapping of names to lists')
    return node.items.map(({ key }) => {
      if (!isScalar(key)) this.fail(path, node, 'a mapping with a compound key', 'plain words as keys')
      return { word: String(key.value), node: key }
    })
  }

  onlyKeys(path: string[], permitted: readonly string[]): void {
    for (const { word, node } of this.keys(path)) {
      if (!permitted.includes(word)) this.fail([...path, word], node, 'an unknown key', permitted.join(', '))
    }
  }

  list(path: string[], atLeast = 1): Word[] {
    const node = this.document.getIn(path, true)
    if (!isSeq(node)) this.fail(path, asNode(node), describe(node), 'a list of words')
    if (node.items.length < atLeast) this.fail(path, node, 'an empty list', 'a list of at least one word')
    return node.items.map((item) => {
      const word = isScalar(item) ? String(item.source ?? item.value).trim() : ''
      if (!isScalar(item) || !word) this.fail(path, asNode(item) ?? node, describe(item), 'words in the list')
      return { word, node: item }
    })
  }

  text(path: string[]): string {
    const node = this.document.getIn(path, true)
    if (!isScalar(node) || typeof node.value !== 'string') {
      this.fail(path, asNode(node), describe(node), 'a text in quotes')
    }
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
      this.fail(path, node, `"${word}", which already stands for ${other}`, 'each word once within one group')
    }
    found.set(key, value)
  }
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return 'missing'
  if (isMap(value)) return 'a mapping'
  if (isSeq(value)) return 'a list'
  return isScalar(value) ? `"${String(value.value)}"` : 'something else'
}
