import type { Day } from '../calendar/day'
import { addPersonDay } from '../roster/person-days'
import { RefusedCell } from './cells'
import type { CodeForms } from './code-fields'
import { Fault } from './fields'
import type { HeaderRow } from './header-row'
import type { FileKind, Problem, RecordRow, RosterRow, SchoolRow, SnapshotRow } from './rows'
import { SchoolNamesSeen } from './school-names-seen'

/** Rows from an index on are of this sheet. */
interface Part {
  sheet: string
  header: HeaderRow
  from: number
}

/** The codes of a file whose forms are compared at its end. */
interface FileForms {
  accounts: CodeForms | undefined
  schools: CodeForms | undefined
}

type ProblemMaker = (fault: Fault, row: number, header: HeaderRow) => Problem

/** What has been understood of a file so far, and what not. */
export class TableRows {
  roster: RosterRow[] = []
  schools: SchoolRow[] = []
  records: RecordRow[] = []
  snapshot: SnapshotRow[] = []
  /** First rows by what makes them unique. */
  readonly seen = {
    roster: new Map<string, RosterRow>(),
    schools: new Map<string, SchoolRow>(),
    snapshot: new Map<string, SnapshotRow>(),
  }
  readonly schoolWords = new SchoolNamesSeen()
  withIds = false
  private readonly parts: Part[] = []
  private readonly problems: Problem[] = []
  /** Whom and which days refused rows name. */
  readonly spared = new Map<string, Set<Day>>()
  private readonly sheets = new Set<string>()
  private repeated = 0
  private refused = 0

  constructor(private readonly limit: number) {}

  /** The rows that follow are of another sheet. */
  begin(sheet: string, header: HeaderRow): void {
    this.parts.push({ sheet, header, from: this.of(header.kind).length })
  }

  /** Takes what a reader made of a row, one or several of the file's kind; undefined when it only repeats another. */
  keep<T extends { row: number }>(
    into: T[],
    result: T | readonly T[] | undefined | Fault,
  ): Fault | undefined {
    if (result instanceof Fault) return result
    const sheet = this.parts.at(-1)?.sheet
    if (sheet !== undefined) this.sheets.add(sheet)
    if (result === undefined) this.repeated++
    else if (!isList(result)) into.push(result)
    else for (const one of result) into.push(one)
    return undefined
  }

  refuse(problem: Problem, sheet: string): void {
    this.refused++
    if (this.problems.length >= this.limit) return
    this.problems.push({ ...problem, ...(sheet && { sheet }) })
  }

  counts(kind: FileKind): { problems: Problem[]; understood: number; refused: number } {
    const rows = this.of(kind)
    if (!rows.length && !this.problems.length && !this.repeated) throw new RefusedCell('no-rows')
    const { problems, repeated, refused } = this
    const several = new Set([...this.sheets, ...problems.map(({ sheet }) => sheet)]).size > 1
    if (!several) for (const problem of problems) delete problem.sheet
    return { problems, understood: rows.length + repeated, refused }
  }

  /** Refuses the rows of which only the whole file tells that something is wrong. */
  refuseLater(kind: FileKind, forms: FileForms, problemOf: ProblemMaker): void {
    const refused = this.refused
    switch (kind) {
      case 'roster':
        this.roster = this.filter(this.roster, problemOf, (row) => {
          return (
            lostZeros('account', row.account, forms.accounts) ??
            lostZeros('schoolCode', row.schoolCode, forms.schools)
          )
        })
        break
      case 'schools':
        this.schools = this.filter(this.schools, problemOf, ({ code }) =>
          lostZeros('code', code, forms.schools),
        )
        break
      case 'records':
        this.refuseRecords(forms, problemOf)
        break
      case 'snapshot':
        this.snapshot = this.filter(this.snapshot, problemOf, ({ subject }) => {
          return subject.kind === 'member'
            ? lostZeros('account', subject.account, forms.accounts)
            : lostZeros('schoolCode', subject.code, forms.schools)
        })
    }
    if (this.refused > refused) this.sortProblems()
  }

  private refuseRecords(forms: FileForms, problemOf: ProblemMaker): void {
    this.withIds = this.records.some(({ recordId }) => recordId !== undefined)
    const { withIds } = this
    if (!withIds && !forms.accounts?.hasZeros) return
    this.records = this.filter(this.records, problemOf, ({ account, day, recordId }) => {
      // In a file whose rows have ids a row without one could be counted twice.
      const isWithout = withIds && recordId === undefined
      const fault = isWithout
        ? new Fault('recordId', 'missing-record-id')
        : lostZeros('account', account, forms.accounts)
      if (fault) addPersonDay(this.spared, account, day)
      return fault
    })
  }

  private filter<T extends { row: number }>(
    rows: T[],
    problemOf: ProblemMaker,
    faultOf: (row: T) => Fault | undefined,
  ): T[] {
    const kept: T[] = []
    for (const [at, { sheet, header, from }] of this.parts.entries()) {
      for (let index = from; index < (this.parts[at + 1]?.from ?? rows.length); index++) {
        const row = rows[index]
        const fault = row && faultOf(row)
        if (row && fault) this.refuse(problemOf(fault, row.row, header), sheet)
        else if (row) kept.push(row)
      }
    }
    return kept.length === rows.length ? rows : kept
  }

  private sortProblems(): void {
    const order = this.parts.map(({ sheet }) => sheet)
    const place = ({ sheet = '' }: Problem) => order.indexOf(sheet)
    this.problems.sort((a, b) => place(a) - place(b) || a.row - b.row)
  }

  private of(kind: FileKind): readonly unknown[] {
    return this[kind]
  }
}

function isList<T>(result: T | readonly T[]): result is readonly T[] {
  return Array.isArray(result)
}

function lostZeros(
  column: 'account' | 'schoolCode' | 'code',
  code: string,
  forms: CodeForms | undefined,
): Fault | undefined {
  const lost = forms?.hasZeros ? forms.lostZeros(code) : undefined
  return lost && new Fault(column, 'code-lost-zeros', { ...lost })
}
