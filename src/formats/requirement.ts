import type { Attribute, RecordRequirement } from '../scheme/scheme'

/**
 * Whether a record's attributes satisfy the requirement. Only those that the record carries are tested, because the
 * platform has judged the rest; of alternatives a record must meet one that it carries.
 */
export function meets(
  requirement: RecordRequirement,
  valueOf: (attribute: Attribute) => number | undefined,
): boolean {
  let tested = 0
  let held = 0
  for (const { attribute, min = -Infinity, max = Infinity } of requirement.conditions) {
    const value = valueOf(attribute)
    if (value === undefined) continue
    tested++
    if (value >= min && value <= max) held++
  }
  return requirement.kind === 'all' ? held === tested : held > 0 || tested === 0
}
