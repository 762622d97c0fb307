// A roster has thousands of rows and some hundred words: the codes and names of schools, towns, roles, subjects. A
// row whose words all stood in rows that were read before, and whose name and account need no normalising, is put
// together from what was understood then. What a cell means is said in one place, the readers of the fields.
import type { SheetRow } from './cells'
import type { TableReading } from './reading'
import type { RosterRow } from './rows'

const words = ['schoolCode', 'schoolName', 'roles', 'state', 'town', 'stage', 'subject', 'opened'] as const

/** Words of a column that are remembered. */
const MOST_WORDS = 10_000
/** Names and accounts that the readers of fields would leave as they are, and could not take for a personal number. */
const plainName = /^[\u4e00-\u9fff]{1,20}$/
const plainAccount = /^(?!true$|false$)(?:[A-Za-z]\w{0,30}|\d{1,10}|(?!86)\d{12,17})$/i

/** By word of one column: a row that was understood. */
type Examples = Map<unknown, RosterRow>

/** Rows that are like earlier ones. */
export class AlikeRows {
  readonly #columns: { at: number; examples: Examples }[]
  readonly #name: number
  readonly #account: number

  constructor({ header }: TableReading) {
    const place = (column: Parameters<typeof header.at.get>[0]) => header.at.get(column) ?? -1
    this.#columns = words.map((word) => ({ at: place(word), examples: new Map<unknown, RosterRow>() }))
    this.#name = place('name')
    this.#account = place('account')
  }

  /** The row as the general reader would read it; undefined when there is anything new in it. */
  read({ row, cells }: SheetRow): RosterRow | undefined {
    const name = cells[this.#name]
    const account = cells[this.#account]
    if (typeof name !== 'string' || typeof account !== 'string') return
    if (!plainName.test(name) || !plainAccount.test(account)) return
    const [code, school, roles, state, town, stage, subject, opened] = this.#columns.map(({ at, examples }) =>
      examples.get(cells[at]),
    )
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
    for (const { at, examples } of this.#columns) {
      const cell = cells[at]
      if (typeof cell !== 'object' && examples.size < MOST_WORDS) examples.set(cell, row)
    }
  }
}
