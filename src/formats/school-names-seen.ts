import { Fault } from './fields'
import type { RosterRow } from './rows'

/** What a roster calls its schools: each row repeats it, and a row that says otherwise would rename a school. */
export class SchoolNamesSeen {
  readonly #first = new Map<string, RosterRow>()

  /** Undefined when the row calls its school as the first one did. */
  compare(row: RosterRow): Fault | undefined {
    const { schoolCode: code, schoolName: value } = row
    const first = this.#first.get(code)
    if (!first) this.#first.set(code, row)
    if (!first || first.schoolName === value) return undefined
    return new Fault('schoolName', 'school-differs', {
      code,
      value,
      first: first.row,
      earlier: first.schoolName,
    })
  }
}
