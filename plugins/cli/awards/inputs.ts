import { readFileSync } from 'node:fs'
import { readNominations, readScoreSheets } from '@space-assistant/core/awards/files'
import type { AwardFileOptions, NominationRow, SheetFileRow } from '@space-assistant/core/awards/files'
import type { AwardTable } from '@space-assistant/core/awards/table-file'
import type { AwardSnapshot } from '@space-assistant/core/awards/evidence'
import type { Headers } from '@space-assistant/core/formats/headers'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { parseFile } from '@space-assistant/core/formats/parse'
import type { ParseOptions } from '@space-assistant/core/formats/parse'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { FileKind, FileRefusal, ParsedFile, Problem } from '@space-assistant/core/formats/rows'
import type { Member, School } from '@space-assistant/core/roster/member'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeConfigProblem } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { Board } from '@space-assistant/core/scoring/board'
import { planTallies } from '@space-assistant/core/scoring/change'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { IdSet } from '@space-assistant/core/pipeline/id-set'
import { findSchemeFile } from '../config-files'
import { readLocalHeaders } from '../local-config'
import { readRecords } from '../score/records'
import { ScoreThreads } from '../score/threads'
import { locale, text } from '../text'
import type { AwardArguments } from './arguments'

/** Files given on the command line may be as large as they like. */
const limits = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

export interface AwardInputs {
  scheme: Scheme
  board: Board
  snapshot?: AwardSnapshot
  nominations?: NominationRow[]
  sheets: SheetFileRow[]
  /** Refused rows as sentences, with their file. */
  problems: string[]
}

/** Reads everything that `space awards` is given. Throws a sentence for a file that cannot be used. */
export async function readAwardInputs(args: AwardArguments): Promise<AwardInputs> {
  const reader = new InputReader(args, readScheme(args.scheme))
  const board = await reader.board()
  const nominations = args.nominations.length ? await reader.nominations(board) : undefined
  const sheets = await reader.sheets(board, nominations)
  const snapshot = await reader.snapshot(board)
  const { scheme, problems } = reader
  return {
    scheme,
    board,
    ...(snapshot && { snapshot }),
    ...(nominations && { nominations }),
    sheets,
    problems,
  }
}

function readScheme(given: string): Scheme {
  const file = findSchemeFile(given)
  const loaded = loadScheme(readFileSync(file, 'utf8'), file)
  if (loaded.ok) return loaded.value
  const reason = loaded.problems.map((problem) => describeConfigProblem(problem, locale)).join('\n')
  throw new Error(text('awards-bad-scheme', { reason }))
}

class InputReader {
  readonly problems: string[] = []
  readonly #headers: Headers

  constructor(
    private readonly args: AwardArguments,
    readonly scheme: Scheme,
  ) {
    this.#headers = readLocalHeaders()
  }

  async board(): Promise<Board> {
    const schools = new Map<string, School>()
    const members = new Map<string, Member>()
    for (const file of this.args.roster) {
      const { rows } = await this.#read(file, 'roster')
      for (const { schoolCode, schoolName, town, stage, ...row } of rows) {
        putSchool(schools, { code: schoolCode, name: schoolName, town, stage })
        const state = row.state ?? members.get(row.account)?.state ?? 'active'
        members.set(row.account, { ...memberFields({ ...row, state }), school: schoolCode })
      }
    }
    for (const file of this.args.schools) {
      const { rows } = await this.#read(file, 'schools')
      for (const school of rows) putSchool(schools, school)
    }
    const board = new Board(this.scheme, new Dictionary(this.scheme.indicators.map(({ name }) => name)))
    board.setRoster([...members.values()], [...schools.values()])
    await this.#addRecords(board, [...members.keys()])
    return board
  }

  /** By the same way as the scores: a file with ids adds what is new, one without replaces its schools on its days. */
  async #addRecords(board: Board, accounts: readonly string[]): Promise<void> {
    const numbers = [...board.dictionary.names.keys()]
    const threads = new ScoreThreads(1)
    const common = { scheme: this.scheme, headers: this.#headers, accounts, numbers, threads }
    const context = { ...common, ids: new IdSet() }
    const known = {
      pack: (account: string) => board.pack(account),
      school: (account: string) => board.schoolOf(account),
      members: (school: string) => board.people.accountsOf(school),
    }
    for (const file of this.args.records) {
      const read = await readRecords(file, context)
      for (const { account, after } of planTallies(read, known)) board.load(account, after)
      for (const problem of read.problems)
        this.problems.push(`${file} ${describeRowProblem(problem, locale)}`)
    }
  }

  /** The newest report up to the given day. */
  async snapshot(board: Board): Promise<AwardSnapshot | undefined> {
    const { people } = board
    const rows = []
    for (const file of this.args.snapshot) {
      const day = this.args.asOf ?? this.scheme.period.to
      const accounts = new Set(people.members.flatMap((member) => member?.account ?? []))
      const parsed = await this.#read(file, 'snapshot', { day, accounts, schools: people.schoolIndexes })
      rows.push(...parsed.rows)
    }
    const usable = rows.filter(({ day }) => day <= (this.args.asOf ?? Infinity))
    if (!usable.length) return undefined
    const day = usable.reduce((newest, row) => Math.max(newest, row.day), -Infinity)
    const members = new Map<string, number>()
    const schools = new Map<string, number>()
    for (const { subject, total, day: own } of usable) {
      if (own !== day) continue
      if (subject.kind === 'member') members.set(subject.account, total)
      else schools.set(subject.code, total)
    }
    return { day, members, schools }
  }

  async nominations(board: Board): Promise<NominationRow[]> {
    const found: NominationRow[] = []
    for (const file of this.args.nominations) {
      const options = this.#awardOptions(board)
      const { rows } = this.#listed(file, await readNominations(readFileSync(file), options))
      for (const row of rows) {
        if (found.some(({ award, nominee }) => award === row.award && nominee === row.nominee))
          this.problems.push(text('awards-nominated-twice', { file, award: row.award, nominee: row.nominee }))
        else found.push(row)
      }
    }
    return found
  }

  async sheets(board: Board, nominations: NominationRow[] | undefined): Promise<SheetFileRow[]> {
    const found: SheetFileRow[] = []
    const seen = new Set<string>()
    const nominees = nominations && nomineesByAward(nominations)
    for (const file of this.args.sheets) {
      const options = { ...this.#awardOptions(board), ...(nominees && { nominees }) }
      const { rows } = this.#listed(file, await readScoreSheets(readFileSync(file), options))
      for (const row of rows) {
        const { award, nominee, judge } = row
        const key = JSON.stringify([award, nominee, judge])
        if (seen.has(key)) this.problems.push(text('awards-scored-twice', { file, award, nominee, judge }))
        else found.push(row)
        seen.add(key)
      }
    }
    return found
  }

  #awardOptions({ people }: Board): AwardFileOptions {
    return { headers: this.#headers, scheme: this.scheme, people, limits }
  }

  async #read<K extends FileKind>(
    file: string,
    kind: K,
    known: Partial<ParseOptions> = {},
  ): Promise<Extract<ParsedFile, { kind: K }>> {
    const options = { headers: this.#headers, scheme: this.scheme, limits, ...known, kind }
    const parsed = this.#usable(file, await parseFile(readFileSync(file), options))
    if (isOfKind(parsed, kind)) return parsed
    throw new Error(`${file}: ${parsed.kind}`)
  }

  /** A list with nothing below its header says that nobody is nominated, or nothing is scored yet. */
  #listed<T>(file: string, parsed: AwardTable<T> | FileRefusal): Pick<AwardTable<T>, 'rows'> {
    if ('code' in parsed && parsed.code === 'no-rows') return { rows: [] }
    return this.#usable(file, parsed)
  }

  #usable<T extends { problems: Problem[] }>(file: string, parsed: T | FileRefusal): T {
    if (!('problems' in parsed))
      throw new Error(text('awards-refused', { file, reason: describeRowProblem(parsed, locale) }))
    for (const problem of parsed.problems)
      this.problems.push(`${file} ${describeRowProblem(problem, locale)}`)
    return parsed
  }
}

function isOfKind<K extends FileKind>(file: ParsedFile, kind: K): file is Extract<ParsedFile, { kind: K }> {
  return file.kind === kind
}

/** What a later file does not say stays as it was. */
function putSchool(schools: Map<string, School>, school: School): void {
  const known = schools.get(school.code)
  const said = Object.fromEntries(Object.entries(school).filter(([, value]) => value !== undefined))
  schools.set(school.code, { ...known, ...said, code: school.code, name: school.name })
}

type MemberFields = Omit<Member, 'school'>

function memberFields({ account, name, roles, state, subject, opened }: MemberFields): MemberFields {
  return { account, name, roles, state, subject, opened }
}

/** Accounts or school codes by the award that they are nominated for. */
export function nomineesByAward(rows: readonly { award: string; nominee: string }[]): Map<string, string[]> {
  const nominees = new Map<string, string[]>()
  for (const { award, nominee } of rows) {
    const list = nominees.get(award) ?? []
    nominees.set(award, list)
    if (!list.includes(nominee)) list.push(nominee)
  }
  return nominees
}
