import type { Scheme } from './scheme'

/**
 * Names of the indicators whose requirement on a record's attributes differs. Tallies hold only what was valid when it
 * was imported, so such a change counts for later imports only.
 */
export function changedRequirements(before: Scheme, after: Scheme): string[] {
  const former = new Map(before.indicators.map(({ name, requirement }) => [name, requirement]))
  return after.indicators.flatMap(({ name, requirement }) => {
    const same = JSON.stringify(former.get(name)) === JSON.stringify(requirement)
    return former.has(name) && !same ? [name] : []
  })
}
