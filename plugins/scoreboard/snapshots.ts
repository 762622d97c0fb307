import type { SnapshotRow } from '@space-assistant/core/formats/rows'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Dictionary } from '@space-assistant/core/scoring/dictionary'
import type { Bulk, BulkRow } from 'koishi-plugin-space-database'
import { chunks, marks } from './paging'

/** The platform's own figure. */
export interface Snapshot {
  day: Day
  total: number
  /** Points by indicator name, for the columns that the file had. */
  indicators: Record<string, number>
}

export type SnapshotSubject = SnapshotRow['subject']

export interface SnapshotPlan {
  kind: 'snapshot'
  summary: {
    added: number
    /** Figures of the same subject and day that are known and would be another. */
    replaced: number
    members: number
    schools: number
    days: Day[]
  }
  rows: readonly SnapshotRow[]
}

interface Key {
  kind: SnapshotSubject['kind']
  code: string
  day: Day
}

interface StoredRow extends Key {
  import: number
  total: number
}

interface PointRow extends Key {
  import: number
  indicator: number
  points: number
}

interface Figure {
  row: StoredRow
  /** By number of the indicator. */
  points: Map<number, number>
}

/** The platform's totals of one day, by account and by school code. */
export interface SnapshotReport {
  day: Day
  members: Map<string, number>
  schools: Map<string, number>
}

/** The platform's figures of all imports; of several for one day the newest import's counts. */
export class SnapshotStore {
  constructor(
    readonly bulk: Bulk,
    readonly dictionary: Dictionary,
  ) {}

  async plan(rows: readonly SnapshotRow[]): Promise<SnapshotPlan> {
    const latest = new Map<string, SnapshotRow>()
    for (const row of rows) latest.set(textOf(keyOf(row)), row)
    const days = [...new Set(rows.map(({ day }) => day))].sort((a, b) => a - b)
    const known = await this.#on(days)
    const summary = { added: 0, replaced: 0, members: 0, schools: 0, days }
    for (const [key, row] of latest) {
      const figure = known.get(key)
      if (!figure) summary.added++
      else if (this.#differs(row, figure)) summary.replaced++
      else continue
      if (row.subject.kind === 'member') summary.members++
      else summary.schools++
    }
    return { kind: 'snapshot', summary, rows: [...latest.values()] }
  }

  /** The newest import's figures of each subject on the days. */
  async #on(days: readonly Day[]): Promise<Map<string, Figure>> {
    const figures = new Map<string, Figure>()
    for (const chunk of chunks(days)) {
      const where = `WHERE day IN (${marks(chunk)}) ORDER BY \`import\``
      const totals = await this.bulk.rows<StoredRow>(`SELECT * FROM space_snapshot ${where}`, chunk)
      for (const row of totals) figures.set(textOf(row), { row, points: new Map() })
      const points = await this.bulk.rows<PointRow>(`SELECT * FROM space_snapshot_point ${where}`, chunk)
      for (const row of points) {
        const figure = figures.get(textOf(row))
        if (figure?.row.import === row.import) figure.points.set(row.indicator, row.points)
      }
    }
    return figures
  }

  /** A column that the file does not have says nothing. */
  #differs({ total, indicators }: SnapshotRow, { row, points }: Figure): boolean {
    if (total !== row.total) return true
    return Object.entries(indicators).some(([name, value]) => points.get(this.dictionary.add(name)) !== value)
  }

  async write({ rows }: SnapshotPlan, importId: number): Promise<void> {
    const totals: BulkRow[] = []
    const points: BulkRow[] = []
    for (const row of rows) {
      const key = { ...keyOf(row), import: importId }
      totals.push({ ...key, total: row.total })
      for (const [name, value] of Object.entries(row.indicators)) {
        points.push({ ...key, indicator: this.dictionary.add(name), points: value })
      }
    }
    await this.bulk.upsert('space_snapshot', totals)
    await this.bulk.upsert('space_snapshot_point', points)
  }

  /** How many figures went. */
  async remove(importId: number): Promise<number> {
    await this.bulk.run('DELETE FROM space_snapshot_point WHERE `import` = ?', [importId])
    return this.bulk.run('DELETE FROM space_snapshot WHERE `import` = ?', [importId])
  }

  /** All totals of the newest day up to the given one; undefined when there is no report so old. */
  async report(until: Day): Promise<SnapshotReport | undefined> {
    const [last] = await this.bulk.rows<{ day: number | null }>(
      'SELECT MAX(day) AS day FROM space_snapshot WHERE day <= ?',
      [until],
    )
    if (last?.day === null || last === undefined) return undefined
    const day = Number(last.day)
    const rows = await this.bulk.rows<StoredRow>(
      'SELECT * FROM space_snapshot WHERE day = ? ORDER BY `import`',
      [day],
    )
    const report: SnapshotReport = { day, members: new Map(), schools: new Map() }
    for (const { kind, code, total } of rows)
      report[kind === 'member' ? 'members' : 'schools'].set(code, total)
    return report
  }

  async newest(subject: SnapshotSubject, until: Day): Promise<Snapshot | undefined> {
    const { kind } = subject
    const code = subject.kind === 'member' ? subject.account : subject.code
    const [row] = await this.bulk.rows<StoredRow>(
      'SELECT * FROM space_snapshot WHERE kind = ? AND code = ? AND day <= ? ORDER BY day DESC, `import` DESC LIMIT 1',
      [kind, code, until],
    )
    if (!row) return
    const points = await this.bulk.rows<{ indicator: number; points: number }>(
      'SELECT indicator, points FROM space_snapshot_point WHERE kind = ? AND code = ? AND day = ? AND `import` = ? ORDER BY indicator',
      [kind, code, row.day, row.import],
    )
    const named = points.map(({ indicator, points: value }) => [
      this.dictionary.names[indicator] ?? '',
      value,
    ])
    return { day: row.day, total: row.total, indicators: Object.fromEntries(named) as Record<string, number> }
  }
}

function keyOf({ subject, day }: SnapshotRow): Key {
  return { kind: subject.kind, code: subject.kind === 'member' ? subject.account : subject.code, day }
}

function textOf({ kind, code, day }: Key): string {
  return `${kind} ${day} ${code}`
}
