import type { Attribute, AttributeCondition, RecordRequirement } from '../scheme/scheme'

/**
 * Whether a record's attributes satisfy the requirement. Only those that the record carries are tested, because the
 * platform has judged the rest; of alternatives a record must meet one that it carries.
 */
export function meets(requirement: RecordRequirement, carried: Partial<Record<Attribute, number>>): boolean {
  const tested = requirement.conditions.filter(({ attribute }) => carried[attribute] !== undefined)
  const holds = ({ attribute, min = -Infinity, max = Infinity }: AttributeCondition) => {
    const value = carried[attribute]!
    return value >= min && value <= max
  }
  switch (requirement.kind) {
    case 'all':
      return tested.every(holds)
    case 'any':
      return !tested.length || tested.some(holds)
  }
}
