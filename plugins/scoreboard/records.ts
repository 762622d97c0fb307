import { setImmediate } from 'node:timers/promises'
import type { Day } from '@space-assistant/core/calendar/day'
import { emptyPack, encode } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import type { Bulk, BulkRow } from 'koishi-plugin-space-database'
import { decodeSheet, encodeSheet, replay, spanOf } from './record-pack'
import type { PackedRecord, RecordSheet } from './record-pack'
import { RepeatedIds } from './repeats'
import type { Heir } from './repeats'

/** Parameters of one question. */
const CHUNK = 2000
/** Ids, or sheets, that are handled before the event loop gets a turn. */
const PAGE = 5000
const SHEETS = 500

/** Whose sheet keeps rows with ids that a later file of the same import made void: they count for nobody. */
export const NOBODY = ''

interface SheetRow {
  account: string
  import: number
  pack: Uint8Array
}

/** What an import brings. */
export interface RecordsToKeep {
  sheets: ReadonlyMap<string, RecordSheet>
  ids: readonly string[]
  repeats: ReadonlyMap<string, readonly PackedRecord[]>
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

  /** Those of the ids that are known, perhaps among others. */
  async seen(ids: readonly string[]): Promise<Set<string>> {
    const range = rangeOf(ids)
    const near = range && (await this.#between(range, ids))
    if (near) return near
    const seen = new Set<string>()
    for (const chunk of chunks(ids)) {
      const sql = `SELECT id FROM space_record_id WHERE id IN (${marks(chunk)})`
      for (const { id } of await this.bulk.rows<{ id: string }>(sql, chunk)) seen.add(id)
    }
    return seen
  }

  /**
   * All known ids of a range. Ids mostly rise with time, so there are none for a new file, and those of the file itself
   * for an old one. Undefined when the range is so full that asking for each id is cheaper.
   */
  async #between([first, last]: [string, string], ids: readonly string[]): Promise<Set<string> | undefined> {
    const found = new Set<string>()
    for (let from = first, sign = '>='; ; sign = '>') {
      const sql = `SELECT id FROM space_record_id WHERE id ${sign} ? AND id <= ? ORDER BY id LIMIT ${PAGE}`
      const page = await this.bulk.rows<{ id: string }>(sql, [from, last])
      for (const { id } of page) found.add(id)
      if (page.length < PAGE) return found
      from = page.at(-1)!.id
      const asked = ids.reduce((count, id) => (id <= from ? count + 1 : count), 0)
      if (found.size > 4 * asked + PAGE) return
      await setImmediate()
    }
  }

  /** How many rows that still count lie on the days, by account; 0 for those with others only. */
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
    const isOn = ({ day }: PackedRecord) => days.has(day)
    for (const [account, sheets] of grouped(rows.filter((row) => accounts.has(row.account)))) {
      if (!sheets.some(({ records }) => records.some(isOn))) continue
      counts.set(account, replay(sheets).filter(({ record }) => isOn(record)).length)
    }
    for (const account of await this.#repeats.accounts(days, [from, to])) {
      if (accounts.has(account) && !counts.has(account)) counts.set(account, 0)
    }
    return counts
  }

  async write({ sheets, ids, repeats }: RecordsToKeep, importId: number): Promise<void> {
    // The database takes the ids in while the sheets are packed.
    const remembered = this.#own(ids, importId)
    remembered.catch(() => undefined)
    const rows: BulkRow[] = []
    try {
      for (const some of chunks([...sheets], SHEETS)) {
        for (const [account, sheet] of some) rows.push(...this.#rowOf(account, sheet, importId))
        await setImmediate()
      }
    } finally {
      // Nothing may go on writing after the transaction.
      await remembered
    }
    for (const some of chunks(rows, SHEETS)) {
      await this.bulk.upsert('space_record', some)
      await setImmediate()
    }
    await this.#repeats.write(repeats, importId)
  }

  /** Forgets an import; returns what the tallies are without it of everybody whose rows it had or gives free. */
  async remove(importId: number): Promise<{ account: string; after: Pack }[]> {
    const rows = await this.bulk.rows<{ account: string; pack: Uint8Array }>(
      'SELECT account, pack FROM space_record WHERE `import` = ?',
      [importId],
    )
    await this.bulk.run('DELETE FROM space_record WHERE `import` = ?', [importId])
    const heirs = await this.#repeats.inherit(importId, await this.#forgetIds(rows, importId))
    for (const heir of heirs) await this.#succeed(heir)
    const packs: { account: string; after: Pack }[] = []
    const accounts = new Set([...rows, ...heirs].map(({ account }) => account))
    accounts.delete(NOBODY)
    for (const chunk of chunks([...accounts])) {
      const sheets = await this.#read(chunk)
      for (const account of chunk) {
        const live = replay(sheets.get(account) ?? [])
        packs.push({ account, after: packOf(live.map(({ record }) => record)) })
      }
    }
    return packs
  }

  /** The rows of an import hold all its ids; an index of the ids by import would cost every import as much as the ids. */
  async #forgetIds(sheets: readonly { pack: Uint8Array }[], importId: number): Promise<string[]> {
    const all: string[] = []
    for (const some of chunks(sheets, SHEETS)) {
      const ids = some.flatMap(({ pack }) =>
        decodeSheet(pack).records.flatMap(({ recordId }) => recordId ?? []),
      )
      for (const chunk of chunks(ids)) {
        const sql = `DELETE FROM space_record_id WHERE id IN (${marks(chunk)}) AND \`import\` = ?`
        await this.bulk.run(sql, [...chunk, importId])
      }
      all.push(...ids)
      await setImmediate()
    }
    return all
  }

  async #succeed({ account, importId, records }: Heir): Promise<void> {
    const sheets = (await this.#read([account])).get(account) ?? []
    const sheet = sheets.find((each) => each.importId === importId) ?? { replaced: [], records: [] }
    const more = { ...sheet, records: [...sheet.records, ...records] }
    await this.bulk.upsert('space_record', this.#rowOf(account, more, importId))
    await this.#own(
      records.flatMap(({ recordId }) => recordId ?? []),
      importId,
    )
  }

  #own(ids: readonly string[], importId: number): Promise<unknown> {
    const rows = ids.map((id) => ({ id, import: importId }))
    return this.bulk.insert('space_record_id', rows)
  }

  #rowOf(account: string, sheet: RecordSheet, importId: number): BulkRow[] {
    const span = spanOf(sheet)
    return span ? [{ account, import: importId, scheme: this.scheme, ...span, pack: encodeSheet(sheet) }] : []
  }

  get #repeats(): RepeatedIds {
    return new RepeatedIds(this.bulk, this.scheme)
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

/**
 * First and last of the ids. Undefined where databases may order them otherwise than JavaScript does: that is certain
 * for visible ASCII only.
 */
function rangeOf(ids: readonly string[]): [string, string] | undefined {
  let [first, last] = [ids[0], ids[0]]
  for (const id of ids) {
    if (!/^[!-~]+$/.test(id)) return
    if (id < first!) first = id
    if (id > last!) last = id
  }
  return first === undefined ? undefined : [first, last!]
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
