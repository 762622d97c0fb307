import { attributes, memberRoles } from '../scheme/scheme'
import type { Attribute, MemberRole } from '../scheme/scheme'
import { fileKinds } from './rows'
import { memberStates } from '../roster/member'
import type { FileKind } from './rows'
import type { MemberState } from '../roster/member'
import { wordKey } from '../text/normalise'
import { WordFile } from './word-file'

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

/**
 * The words of config/headers.yml, ready for look-up. Keys of columns and totals are a `wordKey`, those of values in
 * cells a `valueKey`.
 */
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
  /** Accounts may be phone numbers; else such a row is refused. */
  phoneAccounts: boolean
}

/**
 * Reads the text of config/headers.yml; `file` is only named in messages.
 * Throws a ConfigError with file, line, path, the given and the permitted.
 */
export function parseHeaders(text: string, file: string): Headers {
  const words = new WordFile(text, file)
  words.onlyKeys([], topKeys)
  words.onlyKeys(['columns'], fileKinds)
  const columnsOf = (kind: FileKind) =>
    words.lookup<TableColumn>(['columns', kind], tableColumnsOf[kind], wordKey)
  const namesOf = (kind: FileKind) =>
    new Map<TableColumn, string>(tableColumnsOf[kind].map((c) => [c, words.first(['columns', kind, c])]))
  return {
    columns: byKind(columnsOf),
    names: byKind(namesOf),
    ...awardWords(words),
    roles: words.lookup(['roles'], memberRoles),
    states: words.lookup(['states'], memberStates),
    answers: answersOf(words),
    stages: stagesOf(words),
    totals: new Set(words.list(['totals']).map(({ word }) => wordKey(word))),
    separators: words.list(['separators']).map(({ word }) => word),
    dates: datesOf(words),
    phoneAccounts: words.flag(['phoneAccounts']),
  }
}

const topKeys = [
  'columns',
  'awards',
  'roles',
  'states',
  'yes',
  'no',
  'stages',
  'totals',
  'separators',
  'dates',
  'phoneAccounts',
]

function byKind<V>(valueOf: (kind: FileKind) => V): Record<FileKind, V> {
  return {
    roster: valueOf('roster'),
    schools: valueOf('schools'),
    records: valueOf('records'),
    snapshot: valueOf('snapshot'),
  }
}

function awardWords(words: WordFile): Pick<Headers, 'awards' | 'awardNames'> {
  words.onlyKeys(['awards'], ['nominations', 'sheets'])
  const columnsOf = (kind: AwardTableKind) =>
    words.lookup<AwardColumn>(['awards', kind], awardColumnsOf[kind], wordKey)
  const namesOf = (kind: AwardTableKind) =>
    new Map<AwardColumn, string>(awardColumnsOf[kind].map((c) => [c, words.first(['awards', kind, c])]))
  return {
    awards: { nominations: columnsOf('nominations'), sheets: columnsOf('sheets') },
    awardNames: { nominations: namesOf('nominations'), sheets: namesOf('sheets') },
  }
}

function answersOf(words: WordFile): Map<string, boolean> {
  const found = new Map<string, boolean>()
  for (const [key, answer] of [['yes', true] as const, ['no', false] as const]) {
    for (const word of words.list([key])) words.add(found, word, answer, [key])
  }
  return found
}

function stagesOf(words: WordFile): Map<string, string> {
  const found = new Map<string, string>()
  for (const { word: stage, node } of words.keys(['stages'])) {
    words.add(found, { word: stage, node }, stage, ['stages'])
    for (const alias of words.list(['stages', stage], 0)) {
      words.add(found, alias, stage, ['stages', stage])
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
