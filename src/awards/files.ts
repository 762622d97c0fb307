import { KnownIndex, readCodeField } from '../formats/code-fields'
import type { KnownCodes } from '../formats/code-fields'
import { Fault, readAnyNumber, readName, readText } from '../formats/fields'
import type { FileRefusal } from '../formats/rows'
import type { Award, Rubric, Scheme } from '../scheme/scheme'
import type { PeopleIndex } from '../scoring/people'
import { wordKey } from '../text/normalise'
import { pointsFault } from './sheet'
import { readAwardTable } from './table-file'
import type { AwardTable, AwardTableOptions, AwardTableRow, TitledCell } from './table-file'
import { subjectRole } from './ranking'

/** One row of a list of nominations. */
export interface NominationRow {
  row: number
  award: string
  /** Account or school code. */
  nominee: string
  nominator: string
  remark?: string
}

/** One row of a file of score sheets. */
export interface SheetFileRow {
  row: number
  award: string
  nominee: string
  judge: string
  /** School code, or the name of a school or another unit. */
  affiliation: string
  /** In the order of the rubric's criteria. */
  points: number[]
}

export interface AwardFileOptions extends AwardTableOptions {
  scheme: Pick<Scheme, 'awards' | 'rubrics'>
  people: PeopleIndex
  /** Who is nominated, by award; left out, sheets may be of anybody in the roster. */
  nominees?: ReadonlyMap<string, readonly string[]>
}

/** Reads who is nominated for what by whom. A nominee that comes twice for an award is a fault the second time. */
export function readNominations(
  bytes: Uint8Array,
  options: AwardFileOptions,
): Promise<AwardTable<NominationRow> | FileRefusal> {
  const fields = new AwardFields(options)
  const seen = new Map<string, number>()
  return readAwardTable(bytes, 'nominations', {
    ...options,
    reader(row): NominationRow | Fault {
      const award = fields.award(row)
      if (award instanceof Fault) return award
      const nominee = fields.nominee(row, award)
      if (nominee instanceof Fault) return nominee
      const nominator = filled(row.column('nominator'))
      if (nominator instanceof Fault) return nominator
      const key = JSON.stringify([award.name, nominee])
      const first = seen.get(key)
      if (first !== undefined)
        return faultIn(row.column('nominee'), 'duplicate-nominee', { value: nominee, first })
      seen.set(key, row.row)
      const remark = nameIn(row.column('remark'), 500)
      if (remark instanceof Fault) return remark
      return { row: row.row, award: award.name, nominee, nominator, ...(remark && { remark }) }
    },
  })
}

/** Reads what judges gave. A second sheet of one judge for one nominee is a fault, as is a criterion left blank. */
export function readScoreSheets(
  bytes: Uint8Array,
  options: AwardFileOptions,
): Promise<AwardTable<SheetFileRow> | FileRefusal> {
  const fields = new AwardFields(options)
  const seen = new Map<string, SheetFileRow>()
  return readAwardTable(bytes, 'sheets', {
    ...options,
    reader(row): SheetFileRow | undefined | Fault {
      const sheet = fields.sheet(row)
      if (sheet instanceof Fault) return sheet
      const { award, nominee, judge } = sheet
      const key = JSON.stringify([award, nominee, judge])
      const first = seen.get(key)
      if (!first) {
        seen.set(key, sheet)
        return sheet
      }
      if (JSON.stringify({ ...sheet, row: 0 }) === JSON.stringify({ ...first, row: 0 })) return undefined
      return faultIn(row.column('judge'), 'duplicate-sheet', { value: nominee, judge, first: first.row })
    },
  })
}

/** Reads the cells that both tables have. */
class AwardFields {
  private readonly awards: ReadonlyMap<string, Award>
  private readonly rubrics: ReadonlyMap<string, Rubric>
  private readonly accounts: KnownIndex
  private readonly schools: KnownIndex

  constructor(private readonly options: AwardFileOptions) {
    const { scheme, people } = options
    this.awards = new Map(scheme.awards.map((award) => [wordKey(award.name), award]))
    const rubrics = new Map(scheme.rubrics.map((rubric) => [rubric.name, rubric]))
    this.rubrics = new Map(
      scheme.awards.flatMap(({ name, conditions }) => {
        const condition = conditions.find(({ kind }) => kind === 'rubric')
        const rubric = condition?.kind === 'rubric' ? rubrics.get(condition.rubric) : undefined
        return rubric ? [[name, rubric] as const] : []
      }),
    )
    this.accounts = new KnownIndex(rosterCodes(people))
    this.schools = new KnownIndex(people.schoolIndexes)
  }

  award(row: AwardTableRow): Award | Fault {
    const at = row.column('award')
    const name = filled(at)
    if (name instanceof Fault) return name
    const permitted = [...this.awards.values()].map((award) => award.name).join('\n')
    return this.awards.get(wordKey(name)) ?? faultIn(at, 'unknown-award', { value: name, permitted })
  }

  nominee(row: AwardTableRow, award: Award): string | Fault {
    const at = row.column('nominee')
    const role = subjectRole(award.subject)
    const value = titled(at, readCodeField(source(at), { known: role ? this.accounts : this.schools }))
    if (value instanceof Fault) return value
    if (!value) return faultIn(at, 'missing')
    const { people } = this.options
    const slot = people.slot(value)
    const member = slot === undefined ? undefined : people.members[slot]
    const school = people.school(role ? (member?.school ?? '') : value)
    if (role && !member) return faultIn(at, 'unknown-nominee-account', { value })
    if (!school) return faultIn(at, 'unknown-nominee-school', { value })
    if (role && !(member?.state === 'active' && member.roles.includes(role)))
      return faultIn(at, 'nominee-not-active', { value })
    const { stage } = school
    const isOut = award.conditions.some(
      (one) => one.kind === 'not-stage' && stage !== undefined && one.stages.includes(stage),
    )
    return isOut ? faultIn(at, 'nominee-stage-excluded', { value, stage: stage ?? '' }) : value
  }

  sheet(row: AwardTableRow): SheetFileRow | Fault {
    const award = this.award(row)
    if (award instanceof Fault) return award
    const rubric = this.rubrics.get(award.name)
    if (!rubric) return faultIn(row.column('award'), 'award-without-rubric', { value: award.name })
    const nominee = this.nominee(row, award)
    if (nominee instanceof Fault) return nominee
    const { nominees } = this.options
    if (nominees && !nominees.get(award.name)?.includes(nominee))
      return faultIn(row.column('nominee'), 'not-nominated', { value: nominee })
    const judge = filled(row.column('judge'))
    if (judge instanceof Fault) return judge
    const affiliation = nameIn(row.column('affiliation'), 100)
    if (affiliation instanceof Fault) return affiliation
    if (!affiliation) return faultIn(row.column('affiliation'), 'missing-affiliation')
    const points = pointsIn(row, rubric)
    if (points instanceof Fault) return points
    return { row: row.row, award: award.name, nominee, judge, affiliation, points }
  }
}

function pointsIn(row: AwardTableRow, rubric: Rubric): number[] | Fault {
  const points: number[] = []
  for (const criterion of rubric.criteria) {
    const at = row.titled(criterion.name) ?? { title: criterion.name, cell: undefined }
    const value = titled(at, readAnyNumber(source(at)))
    if (value instanceof Fault) return value
    const fault = pointsFault([value ?? null], { criteria: [criterion] })
    switch (fault?.code) {
      case 'criterion-blank':
        return faultIn(at, 'blank-criterion')
      case 'criterion-above-maximum':
        return faultIn(at, 'above-maximum', { value: value ?? 0, limit: criterion.max })
      case 'criterion-below-zero':
        return faultIn(at, 'negative', { value: value ?? 0 })
      case 'criterion-not-whole':
        return faultIn(at, 'not-whole', { value: value ?? 0 })
      case undefined:
        points.push(value ?? 0)
    }
  }
  return points
}

/** Accounts that are in the roster now. */
function rosterCodes(people: PeopleIndex): KnownCodes {
  return {
    has: (code) => people.members[people.slot(code) ?? -1] !== undefined,
    keys: () => people.members.flatMap((member) => member?.account ?? []),
  }
}

/** The readers of cells want a column's name; what they find wrong is told under the title in the file. */
function source({ cell }: TitledCell) {
  return { column: 'name' as const, cell }
}

function titled<T>({ title }: TitledCell, value: T | Fault): T | Fault {
  return value instanceof Fault ? new Fault({ title }, value.code, value.params) : value
}

function faultIn({ title }: TitledCell, ...[code, params]: [Fault['code'], Fault['params']?]): Fault {
  return new Fault({ title }, code, params)
}

function nameIn(at: TitledCell, limit: number): string | Fault {
  return titled(at, readName(source(at), limit))
}

function filled(at: TitledCell): string | Fault {
  const text = titled(at, readText(source(at)))
  if (text instanceof Fault) return text
  return nameIn(at, 100) || faultIn(at, 'missing')
}
