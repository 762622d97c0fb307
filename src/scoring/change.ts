import type { RecordRow } from '../formats/rows'
import type { Day } from '../calendar/day'
import type { Dictionary } from './dictionary'
import { overlay } from './overlay'
import { emptyPack, encode, firstDayOf, samePack } from './tallies'
import type { Pack, Tally } from './tallies'

/** Tallies of one member before and after; a value that previews, stores (after), applies and undoes. */
export interface MemberChange {
  account: string
  before: Pack
  after: Pack
  /** No tally of an earlier day differs; a day to be found out when left out. */
  since?: Day | undefined
}

/** Days x schools about which a statement file says everything. */
export interface Coverage {
  days: ReadonlySet<Day>
  schools: ReadonlySet<string>
}

/** What an import of records does to the tallies. */
export interface TallyChange {
  mode: 'ids' | 'statement'
  /** Only members whose tallies differ. */
  members: MemberChange[]
  /** Valid actions that the file adds. */
  actions: number
  /** Id mode: record ids seen for the first time, to be remembered. */
  ids: string[]
  /** Id mode: rows skipped because their id was known. */
  repeated: number
  /** Statement mode: what was replaced. */
  coverage: Coverage | undefined
}

/** What is known before the import. */
export interface KnownScores {
  dictionary: Dictionary
  pack(account: string): Pack
  school(account: string): string | undefined
  /** Accounts of a school, active or not. */
  members(school: string): Iterable<string>
  /** Whether a record id was counted by any earlier import. */
  seen(id: string): boolean
}

/** Plans an understood records file; nothing is written but new names in the dictionary. */
export function planRecords(
  file: { rows: readonly RecordRow[]; withIds: boolean },
  known: KnownScores,
): TallyChange {
  return file.withIds ? planIds(file.rows, known) : planStatement(file.rows, known)
}

function planIds(rows: readonly RecordRow[], known: KnownScores): TallyChange {
  const ids = new Set<string>()
  const fresh: RecordRow[] = []
  let repeated = 0
  for (const row of rows) {
    if (row.recordId === undefined) continue
    if (ids.has(row.recordId) || known.seen(row.recordId)) {
      repeated++
      continue
    }
    ids.add(row.recordId)
    fresh.push(row)
  }
  const added = packRows(fresh, known.dictionary)
  return { mode: 'ids', ...additions(added, known), ids: [...ids], repeated, coverage: undefined }
}

function planStatement(rows: readonly RecordRow[], known: KnownScores): TallyChange {
  const coverage = coverageOf(rows, known)
  const stated = packRows(rows, known.dictionary)
  return { mode: 'statement', ...replacements(stated, coverage, known), ids: [], repeated: 0, coverage }
}

/** What a statement's rows cover: the distinct days times the schools of the accounts. */
export function coverageOf(rows: readonly RecordRow[], known: Pick<KnownScores, 'school'>): Coverage {
  const days = new Set<Day>()
  const accounts = new Set<string>()
  for (const row of rows) {
    days.add(row.day)
    accounts.add(row.account)
  }
  const schools = new Set<string>()
  for (const account of accounts) {
    const school = known.school(account)
    if (school !== undefined) schools.add(school)
  }
  return { days, schools }
}

interface Planned {
  members: MemberChange[]
  actions: number
}

/** Tallies that come on top of what is known. */
export function additions(added: ReadonlyMap<string, Stated>, known: Pick<KnownScores, 'pack'>): Planned {
  const members: MemberChange[] = []
  let actions = 0
  for (const [account, { pack, actions: more }] of added) {
    const before = known.pack(account)
    actions += more
    if (!pack.length) continue
    members.push({ account, before, after: overlay(before, pack), since: firstDayOf(pack) })
  }
  return { members, actions }
}

/** Tallies that take the place of what is known where the statement covers. */
export function replacements(
  stated: ReadonlyMap<string, Stated>,
  coverage: Coverage,
  known: Pick<KnownScores, 'pack' | 'members'>,
): Planned {
  const members: MemberChange[] = []
  let actions = 0
  const since = Math.min(...coverage.days)
  for (const { actions: more } of stated.values()) actions += more
  for (const school of coverage.schools) {
    for (const account of known.members(school)) {
      const before = known.pack(account)
      const after = overlay(before, stated.get(account)?.pack ?? emptyPack, coverage.days)
      if (!samePack(before, after)) members.push({ account, before, after, since })
    }
  }
  return { members, actions }
}

/** Tallies of one account in a file, and the actions they hold. */
export interface Stated {
  pack: Pack
  actions: number
}

function packRows(rows: readonly RecordRow[], dictionary: Dictionary): Map<string, Stated> {
  const tallies = new Map<string, Tally[]>()
  for (const { account, indicator, day, count, valid } of rows) {
    const list = tallies.get(account) ?? []
    tallies.set(account, list)
    if (valid && count > 0) list.push({ indicator: dictionary.add(indicator), day, count })
  }
  const packs = new Map<string, Stated>()
  for (const [account, list] of tallies) {
    packs.set(account, { pack: encode(list), actions: list.reduce((sum, { count }) => sum + count, 0) })
  }
  return packs
}

/** The change that takes a change back, as long as nothing later touched its members. */
export function invert(changes: readonly MemberChange[]): MemberChange[] {
  return changes.map(({ before, after, ...rest }) => ({ ...rest, before: after, after: before }))
}
