// A roster has thousands of rows and some hundred words: the codes and names of schools, towns, roles, subjects. A
// row whose words all stood in rows that were read before, and whose name and account need no normalising, is put
// together from what was understood then. What a cell means is said in one place, the readers of the fields.
import type { SheetRow } from './cells'
import type { TableReading } from './reading'
import type { RosterRow } from './rows'

const words = ['schoolCode', 'schoolName', 'roles', 'state', 'town', 'stage', 'subject', 'opened'] as const

/** Words of a column that are remembered. */
const MOST_WORDS = 10_000
/** Names and accounts that the readers of fields would leave as they are. */
const plainName = /^[\u4e00-\u9fff]{1,20}$/
const plainAccount = /^(?:[A-Za-z]\w{0,30}|\d{1,17})$/

/** By word of one column: a row that was understood. */
type Examples = Map<unknown, RosterRow>

/** Rows that are like earlier ones. */
export class AlikeRows {
  readonly #at: number[]
  readonly #examples: Examples[]
  readonly #name: number
  readonly #account: number

  constructor({ header }: TableReading) {
    const place = (column: Parameters<typeof header.at.get>[0]) => header.at.get(column) ?? -1
    this.#at = words.map(place)
    this.#examples = words.map(() => new Map<unknown, RosterRow>())
    this.#name = place('name')
    this.#account = place('account')
  }

  /** The row as the general reader would read it; undefined when there is anything new in it. */
  read({ row, cells }: SheetRow): RosterRow | undefined {
    const name = cells[this.#name]
    const account = cells[this.#account]
    if (typeof name !== 'string' || typeof account !== 'string') return
    if (!plainName.test(name) || !plainAccount.test(account)) return
    const at = this.#at
    const examples = this.#examples
    const code = examples[0]!.get(cells[at[0]!])
    const school = examples[1]!.get(cells[at[1]!])
    const roles = examples[2]!.get(cells[at[2]!])
    const state = examples[3]!.get(cells[at[3]!])
    const town = examples[4]!.get(cells[at[4]!])
    const stage = examples[5]!.get(cells[at[5]!])
    const subject = examples[6]!.get(cells[at[6]!])
    const opened = examples[7]!.get(cells[at[7]!])
    if (!code || !school || !roles || !state || !town || !stage || !subject || !opened) return
    return {
      row,
      schoolCode: code.schoolCode,
      schoolName: school.schoolName,
      name,
      account,
      roles: roles.roles,
      state: state.state,
      town: town.town,
      stage: stage.stage,
      subject: subject.subject,
      opened: opened.opened,
    }
  }

  /** Remembers the words of a row that the general reader understood. */
  learn({ cells }: SheetRow, row: RosterRow): void {
    for (const [index, at] of this.#at.entries()) {
      const known = this.#examples[index]!
      const cell = cells[at]
      if (typeof cell !== 'object' && known.size < MOST_WORDS) known.set(cell, row)
    }
  }
}
