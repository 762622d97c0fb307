import type { Day } from '../calendar/day'

/** Days of some people, by account. */
export type PersonDays = ReadonlyMap<string, ReadonlySet<Day>>

export const noPersonDays: PersonDays = new Map()

/** Puts one day of one person to those that are there. */
export function addPersonDay(days: Map<string, Set<Day>>, account: string, day: Day): void {
  const own = days.get(account)
  if (own) own.add(day)
  else days.set(account, new Set([day]))
}

/** All the days of several lists. */
export function joinPersonDays(lists: readonly PersonDays[]): PersonDays {
  const joined = new Map<string, Set<Day>>()
  for (const list of lists) {
    for (const [account, days] of list) for (const day of days) addPersonDay(joined, account, day)
  }
  return joined
}

/** How many people, and how many days of theirs together. */
export function countPersonDays(list: PersonDays): { people: number; days: number } {
  let days = 0
  for (const own of list.values()) days += own.size
  return { people: list.size, days }
}
