import type { TicketRules } from './rules'

export type FloodPolicy = TicketRules['flood']

/** A report that came in; `group` is undefined for a private chat. */
export interface Arrival {
  number: number
  reporter: string
  group?: string | undefined
  at: Date
}

/** A report is always stored and numbered; this only decides how support hears of it. */
export type Admission =
  | { kind: 'card' }
  /** One of a bundle that is sent at `due`. `limit` is what was exceeded. */
  | { kind: 'bundle'; due: Date; limit: 'person' | 'group' | 'total' }

/**
 * Whether a new report gets its own card or goes into the next bundle. `recent` are the reports that got a card within
 * the last minutes of the policy (older ones do no harm).
 */
export function admit(arrival: Arrival, recent: readonly Arrival[], policy: FloodPolicy): Admission {
  const since = arrival.at.getTime() - policy.minutes * 60_000
  const counted = recent.filter(({ at }) => at.getTime() > since)
  const byPerson = counted.filter(({ reporter }) => reporter === arrival.reporter).length
  const byGroup = arrival.group ? counted.filter(({ group }) => group === arrival.group).length : 0
  const limit =
    byPerson >= policy.person
      ? 'person'
      : byGroup >= policy.group
        ? 'group'
        : counted.length >= policy.total
          ? 'total'
          : undefined
  return limit ? { kind: 'bundle', due: bundleDue(arrival.at, policy), limit } : { kind: 'card' }
}

/** The end of the interval in which an instant lies: everything held in it leaves in one bundle. */
export function bundleDue(at: Date, policy: FloodPolicy): Date {
  const interval = policy.bundleMinutes * 60_000
  return new Date((Math.floor(at.getTime() / interval) + 1) * interval)
}

export interface Held extends Arrival {
  due: Date
  /** The support group that it is for. */
  support: string
}

export interface Bundle {
  /** Never occurs twice: support group and time; carrying it out again after a restart is the same bundle. */
  key: string
  support: string
  numbers: number[]
}

/** The bundles that are due, late ones too; each held report is in exactly one. */
export function dueBundles(held: readonly Held[], now: Date): Bundle[] {
  const bundles = new Map<string, Bundle>()
  for (const { number, due, support } of held) {
    if (due > now) continue
    const key = `${support}/${due.toISOString()}`
    const bundle = bundles.get(key) ?? { key, support, numbers: [] }
    bundle.numbers.push(number)
    bundles.set(key, bundle)
  }
  for (const { numbers } of bundles.values()) numbers.sort((a, b) => a - b)
  return [...bundles.values()]
}
