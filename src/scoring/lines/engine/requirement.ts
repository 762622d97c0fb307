// What a record has to be like to be valid.

/** Conditions on what a record carries. */
@unmanaged
export class Requirement {
  any: u32
  size: u32
}
const CONDITIONS: usize = 8

/** 24 bytes: place of the attribute, least and most. */
@unmanaged
class Condition {
  place: u32
  spare: u32
  least: f64
  most: f64
}
const CONDITION: usize = 24

/** Whether values of attributes (-1 for those that are not carried) meet a requirement, as `meets` in the formats says it. */
export function passes(requirement: Requirement, values: usize): bool {
  let carried = false
  let address = changetype<usize>(requirement) + CONDITIONS
  for (let left = requirement.size; left; left--, address += CONDITION) {
    const condition = changetype<Condition>(address)
    const value = load<f64>(values + ((<usize>condition.place) << 3))
    if (value < 0) continue
    carried = true
    const holds = value >= condition.least && value <= condition.most
    if (holds == (requirement.any != 0)) return holds
  }
  return !carried || !requirement.any
}
