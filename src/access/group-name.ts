/** What of a group its name is made of. */
export interface Nameable {
  name: string
  purpose: string
  school: string
  town: string
}

/** The groups without a name of which another one has the same purpose and organisation: only a number tells them apart. */
export function sharingAName<G extends Nameable>(groups: readonly G[]): ReadonlySet<G> {
  const alike = new Map<string, G[]>()
  for (const group of groups) {
    if (group.name) continue
    const key = [group.purpose, group.school, group.town].join('/')
    alike.set(key, [...(alike.get(key) ?? []), group])
  }
  return new Set([...alike.values()].filter(({ length }) => length > 1).flat())
}
