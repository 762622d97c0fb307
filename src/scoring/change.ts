import type { Day } from '../calendar/day'
import { addPersonDay } from '../roster/person-days'
import type { PersonDays } from '../roster/person-days'
import { TallyOverlay } from './overlay'
import { PackReader } from './pack-reader'
import { decodeTallies, emptyPack, firstDayOf, samePack } from './tallies'
import type { Pack } from './tallies'

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

/** What a records file says: the tallies of every account that it names, empty for those without a valid action. */
export interface StatedTallies {
  /** Files with ids add; the others state everything that happened on their days in their schools. */
  withIds: boolean
  stated: ReadonlyMap<string, Pack>
  days: ReadonlySet<Day>
  /** Days of people that refused rows name: where anything is known of them, it stays and the file adds nothing. */
  spared: PersonDays
}

/** What is known before a file is taken in. */
export interface KnownTallies {
  pack(account: string): Pack
  /** Code of the account's school; undefined for accounts that are not in the roster. */
  school(account: string): string | undefined
  /** Accounts of a school, active or not. */
  members(school: string): Iterable<string>
}

/** What a records file changes: only members whose tallies differ. Those who are not in the roster are left out. */
export function planTallies(file: StatedTallies, known: KnownTallies): MemberChange[] {
  return file.withIds ? addTallies(file, known) : replaceTallies(file, coverageOf(file, known), known)
}

/** What a statement covers: its days times the schools of its accounts. */
export function coverageOf(file: StatedTallies, known: Pick<KnownTallies, 'school'>): Coverage {
  const schools = new Set<string>()
  for (const account of file.stated.keys()) {
    const school = known.school(account)
    if (school !== undefined) schools.add(school)
  }
  return { days: file.days, schools }
}

/** Those of some people's days that a statement covers. */
export function daysCovered(
  list: PersonDays,
  { days, schools }: Coverage,
  known: Pick<KnownTallies, 'school'>,
): PersonDays {
  const covered = new Map<string, Set<Day>>()
  for (const [account, own] of list) {
    if (!schools.has(known.school(account) ?? '')) continue
    for (const day of own) if (days.has(day)) addPersonDay(covered, account, day)
  }
  return covered
}

function addTallies({ stated }: StatedTallies, known: KnownTallies): MemberChange[] {
  const members: MemberChange[] = []
  const overlay = new TallyOverlay()
  const reader = new PackReader()
  for (const [account, pack] of stated) {
    if (!pack.length || known.school(account) === undefined) continue
    const before = known.pack(account)
    members.push({ account, before, after: overlay.lay(before, pack), since: firstDayOf(pack, reader) })
  }
  return members
}

function replaceTallies(
  { stated, spared }: StatedTallies,
  { days, schools }: Coverage,
  known: KnownTallies,
): MemberChange[] {
  const members: MemberChange[] = []
  const overlay = new TallyOverlay()
  const since = [...days].reduce((first, day) => Math.min(first, day), Infinity)
  for (const school of schools) {
    for (const account of known.members(school)) {
      const before = known.pack(account)
      const kept = daysIn(before, spared.get(account))
      const said = stated.get(account) ?? emptyPack
      const after = kept.size
        ? overlay.lay(before, overlay.lay(said, emptyPack, kept), without(days, kept))
        : overlay.lay(before, said, days)
      if (!samePack(before, after)) members.push({ account, before, after, since })
    }
  }
  return members
}

/** Those of the days on which there is a tally. */
function daysIn(pack: Pack, days: ReadonlySet<Day> | undefined): ReadonlySet<Day> {
  const found = new Set<Day>()
  if (days) for (const { day } of decodeTallies(pack)) if (days.has(day)) found.add(day)
  return found
}

function without(days: ReadonlySet<Day>, left: ReadonlySet<Day>): Set<Day> {
  return new Set([...days].filter((day) => !left.has(day)))
}

/** The change that takes a change back, as long as nothing later touched its members. */
export function invert(changes: readonly MemberChange[]): MemberChange[] {
  return changes.map(({ before, after, ...rest }) => ({ ...rest, before: after, after: before }))
}
