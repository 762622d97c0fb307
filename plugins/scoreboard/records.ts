import type { Day } from '@space-assistant/core/scheme/calendar'
import { emptyPack, encode } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import type { Bulk } from 'koishi-plugin-space-sqlite'
import { decodeSheet, encodeSheet, replay, spanOf } from './record-pack'
import type { PackedRecord, RecordSheet } from './record-pack'

/** Parameters of one question. */
const CHUNK = 2000

interface SheetRow {
  account: string
  import: number
  pack: Uint8Array
}

export interface ImportedSheet extends RecordSheet {
  importId: number
}

/** The rows behind the tallies, one sheet per member and import, and the ids that were ever counted. */
export class RecordStore {
  constructor(
    readonly bulk: Bulk,
    readonly scheme: string,
  ) {}

  /** Which of the ids are known. */
  async seen(ids: readonly string[]): Promise<Set<string>> {
    const seen = new Set<string>()
    for (const chunk of chunks(ids)) {
      const sql = `SELECT id FROM space_record_id WHERE id IN (${marks(chunk)})`
      for (const { id } of await this.bulk.rows<{ id: string }>(sql, chunk)) seen.add(id)
    }
    return seen
  }

  /** How many rows that still count lie on the days, by account. */
  async stored(days: ReadonlySet<Day>, accounts: ReadonlySet<string>): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    if (!days.size || !accounts.size) return counts
    let [from, to] = [Infinity, -Infinity]
    for (const day of days) {
      from = Math.min(from, day)
      to = Math.max(to, day)
    }
    const rows = await this.bulk.rows<SheetRow>(
      'SELECT account, `import`, pack FROM space_record WHERE scheme = ? AND lastDay >= ? AND firstDay <= ? ORDER BY `import`',
      [this.scheme, from, to],
    )
    for (const [account, sheets] of grouped(rows.filter((row) => accounts.has(row.account)))) {
      const count = replay(sheets).filter(({ record }) => days.has(record.day)).length
      if (count) counts.set(account, count)
    }
    return counts
  }

  async write(
    sheets: ReadonlyMap<string, RecordSheet>,
    ids: readonly string[],
    importId: number,
  ): Promise<void> {
    const rows = []
    for (const [account, sheet] of sheets) {
      const span = spanOf(sheet)
      if (span)
        rows.push({ account, import: importId, scheme: this.scheme, ...span, pack: encodeSheet(sheet) })
    }
    await this.bulk.upsert('space_record', rows)
    await this.bulk.insert(
      'space_record_id',
      ids.map((id) => ({ id, import: importId })),
    )
  }

  /** Forgets an import; returns what the tallies of its members are without it. */
  async remove(importId: number): Promise<{ account: string; after: Pack }[]> {
    const rows = await this.bulk.rows<{ account: string }>(
      'SELECT account FROM space_record WHERE `import` = ?',
      [importId],
    )
    await this.bulk.run('DELETE FROM space_record WHERE `import` = ?', [importId])
    await this.bulk.run('DELETE FROM space_record_id WHERE `import` = ?', [importId])
    const packs: { account: string; after: Pack }[] = []
    for (const chunk of chunks(rows.map(({ account }) => account))) {
      const sheets = await this.#read(chunk)
      for (const account of chunk) {
        const live = replay(sheets.get(account) ?? [])
        packs.push({ account, after: packOf(live.map(({ record }) => record)) })
      }
    }
    return packs
  }

  async sheetsOf(account: string): Promise<ImportedSheet[]> {
    return (await this.#read([account])).get(account) ?? []
  }

  async #read(accounts: readonly string[]): Promise<Map<string, ImportedSheet[]>> {
    const rows = await this.bulk.rows<SheetRow>(
      `SELECT account, \`import\`, pack FROM space_record WHERE account IN (${marks(accounts)}) AND scheme = ? ORDER BY \`import\``,
      [...accounts, this.scheme],
    )
    return grouped(rows)
  }
}

/** The scheme by which an import's records were read; undefined when it brought none. */
export async function schemeOf(bulk: Bulk, importId: number): Promise<string | undefined> {
  const sql = 'SELECT scheme FROM space_record WHERE `import` = ? LIMIT 1'
  const [row] = await bulk.rows<{ scheme: string }>(sql, [importId])
  return row?.scheme
}

function grouped(rows: readonly SheetRow[]): Map<string, ImportedSheet[]> {
  const sheets = new Map<string, ImportedSheet[]>()
  for (const { account, import: importId, pack } of rows) {
    const list = sheets.get(account) ?? []
    sheets.set(account, list)
    list.push({ importId, ...decodeSheet(pack) })
  }
  return sheets
}

function packOf(records: readonly PackedRecord[]): Pack {
  const counted = records.filter(({ valid, count }) => valid && count > 0)
  return counted.length ? encode(counted) : emptyPack
}

export function* chunks<T>(values: readonly T[], size = CHUNK): Generator<readonly T[]> {
  for (let i = 0; i < values.length; i += size) yield values.slice(i, i + size)
}

export function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}
