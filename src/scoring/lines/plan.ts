import type { MemberChange, TallyChange } from '../change'
import type { Dictionary } from '../dictionary'
import { overlay } from '../overlay'
import type { Pack } from '../tallies'
import { emptyPack, firstDayOf, samePack } from '../tallies'
import type { FileCounts } from './file'
import { takeLines } from './texts'
import type { Engine } from './engine'
import type { LineSetup } from './setup'
import { namedBy, packMembers } from './visit'

/** What is known before a counted file is taken over. */
export interface KnownTallies {
  pack(account: string): Pack
  /** Code of the account's school. */
  schoolOf(account: string): string | undefined
}

/** Plans a counted file like `planRecords` plans rows; ids are in its slices. */
export function planCounts(
  counts: FileCounts,
  {
    engine,
    setup,
    known,
    dictionary,
  }: { engine: Engine; setup: LineSetup; known: KnownTallies; dictionary: Dictionary },
): Pick<TallyChange, 'mode' | 'members' | 'coverage'> {
  const { scheme } = setup
  const accounts = takeLines(engine, setup.accounts)
  const numbers = scheme.indicators.map(({ name }) => dictionary.add(name))
  const coverage = counts.withIds ? undefined : coverageOf(counts, { engine, setup, accounts, known })
  const firstCovered = coverage && Math.min(...coverage.days)
  const members: MemberChange[] = []
  packMembers(
    { engine, setup, slices: counts.slices },
    { from: 0, to: accounts.length, numbers },
    (member, pack) => {
      const account = accounts[member]!
      if (!coverage) {
        if (!pack.length) return
        const before = known.pack(account)
        members.push({ account, before, after: overlay(before, pack), since: firstDayOf(pack) })
        return
      }
      if (!coverage.schools.has(known.schoolOf(account) ?? '')) return
      const before = known.pack(account)
      const after = overlay(before, pack, coverage.days)
      if (samePack(before, after)) return
      members.push({ account, before, after: after.length ? after : emptyPack, since: firstCovered })
    },
  )
  return { mode: counts.withIds ? 'ids' : 'statement', members, coverage }
}

function coverageOf(
  { slices }: FileCounts,
  {
    engine,
    setup,
    accounts,
    known,
  }: { engine: Engine; setup: LineSetup; accounts: readonly string[]; known: KnownTallies },
) {
  const days = new Set<number>()
  const schools = new Set<string>()
  for (const slice of slices) {
    const named = namedBy({ engine, setup }, slice)
    named.days.forEach((seen, day) => seen && days.add(setup.scheme.period.from + day))
    named.members.forEach((seen, member) => {
      const school = seen ? known.schoolOf(accounts[member]!) : undefined
      if (school !== undefined) schools.add(school)
    })
  }
  return { days, schools }
}
