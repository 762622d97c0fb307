import { setImmediate } from 'node:timers/promises'
import type { Day } from '@space-assistant/core/calendar/day'
import { IdSet } from '@space-assistant/core/pipeline/id-set'
import {
  addIdsOf,
  decodeSheet,
  hasIds,
  replaySheets,
  packSheet,
} from '@space-assistant/core/pipeline/record-sheet'
import type { PackedRecord, RecordSheet, StoredSheet } from '@space-assistant/core/pipeline/record-sheet'
import { emptyPack, encode } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import { addPersonDay } from '@space-assistant/core/roster/person-days'
import type { PersonDays } from '@space-assistant/core/roster/person-days'
import type { Bulk, BulkRow } from 'koishi-plugin-space-database'
import { chunks, marks, sheetsNear } from './paging'
import type { ImportedSheetRow } from './paging'
import { RecordIdStore } from './record-ids'
import { RepeatedIds } from './repeats'
import type { Heir } from './repeats'

/** Sheets that are handled before the event loop gets a turn. */
const SHEETS = 200

/** What an import brings. */
export interface RecordsToKeep {
  sheets: ReadonlyMap<string, () => StoredSheet | undefined>
  ids: IdSet
  repeats: ReadonlyMap<string, readonly PackedRecord[]>
}

export interface ImportedSheet extends RecordSheet {
  importId: number
}

/** What is stored about days of some accounts. */
export interface StoredOn {
  /** How many rows that still count lie on the days, by account; 0 for those with others only. */
  counts: ReadonlyMap<string, number>
  /** How many of those rows have no id. */
  withoutId: number
}

/** The rows behind the tallies, one sheet per member and import, and the ids of those that count. */
export class RecordStore {
  readonly #ids: RecordIdStore
  readonly #repeats: RepeatedIds

  constructor(
    readonly bulk: Bulk,
    readonly scheme: string,
  ) {
    this.#ids = new RecordIdStore(bulk)
    this.#repeats = new RepeatedIds(bulk, scheme)
  }

  /** Those of the ids that are known. */
  seen(ids: IdSet): Promise<IdSet> {
    return this.#ids.known(ids)
  }

  /** Those of some people's days of which a row is stored, whether or not it counts. */
  async known(list: PersonDays): Promise<PersonDays> {
    const found = new Map<string, Set<Day>>()
    const days = new Set([...list.values()].flatMap((own) => [...own]))
    for await (const [account, sheets] of this.#near(days, [...list.keys()])) {
      for (const { day } of sheets.flatMap(({ records }) => records)) {
        if (list.get(account)?.has(day)) addPersonDay(found, account, day)
      }
    }
    return found
  }

  /** What is stored on the days, but for those that are `left` aside. */
  async stored(days: ReadonlySet<Day>, accounts: readonly string[], left: PersonDays): Promise<StoredOn> {
    const counts = new Map<string, number>()
    let withoutId = 0
    for await (const [account, sheets] of this.#near(days, accounts)) {
      const own = left.get(account)
      const isOn = ({ day }: PackedRecord) => days.has(day) && !own?.has(day)
      if (!sheets.some(({ records }) => records.some(isOn))) continue
      const live = replaySheets(sheets).filter(({ record }) => isOn(record))
      counts.set(account, live.length)
      for (const { record } of live) if (record.recordId === undefined) withoutId++
    }
    for await (const account of this.#repeats.accounts(days, accounts)) {
      if (!counts.has(account)) counts.set(account, 0)
    }
    return { counts, withoutId }
  }

  /** Rows without id on the days, of the accounts, that still count. */
  async withoutIds(days: ReadonlySet<Day>, accounts: readonly string[]): Promise<number> {
    let found = 0
    for await (const [, sheets] of this.#near(days, accounts, (pack) => !hasIds(pack))) {
      for (const { record } of replaySheets(sheets)) if (days.has(record.day)) found++
    }
    return found
  }

  /** The sheets of accounts that may speak of the days, some people at a time. */
  async *#near(
    days: ReadonlySet<Day>,
    accounts: readonly string[],
    passes: (pack: Uint8Array) => boolean = () => true,
  ): AsyncGenerator<[string, ImportedSheet[]]> {
    const near = { table: 'space_record', scheme: this.scheme, days } as const
    for await (const rows of sheetsNear(this.bulk, near, new Set(accounts))) {
      yield* grouped(rows.filter(({ pack }) => passes(pack)))
    }
  }

  async write({ sheets, ids, repeats }: RecordsToKeep, importId: number): Promise<void> {
    await this.#ids.add(ids, importId)
    for (const some of chunks([...sheets], SHEETS)) {
      const rows = some.flatMap(([account, make]) => this.#rowOf(account, make(), importId))
      await this.bulk.upsert('space_record', rows)
      await setImmediate()
    }
    await this.#repeats.write(repeats, importId)
  }

  /** Forgets an import; returns what the tallies are without it of everybody whose rows it had or gives free. */
  async remove(importId: number): Promise<{ account: string; after: Pack }[]> {
    const free = new IdSet()
    const accounts = new Set<string>()
    for await (const { account, pack } of this.#of(importId)) {
      accounts.add(account)
      if (hasIds(pack)) addIdsOf(pack, free)
    }
    await this.bulk.run('DELETE FROM space_record WHERE `import` = ?', [importId])
    await this.#ids.remove(free)
    for await (const heir of this.#repeats.inherit(importId, free)) {
      accounts.add(heir.account)
      await this.#succeed(heir)
    }
    return this.#recount([...accounts])
  }

  /** Sheets of an import, page by page. */
  async *#of(importId: number): AsyncGenerator<{ account: string; pack: Uint8Array }> {
    for (let last: string | undefined; ;) {
      const further = last === undefined ? '' : 'AND account > ? '
      const page: { account: string; pack: Uint8Array }[] = await this.bulk.rows(
        `SELECT account, pack FROM space_record WHERE \`import\` = ? ${further}ORDER BY account LIMIT ${SHEETS}`,
        [importId, ...(last === undefined ? [] : [last])],
      )
      yield* page
      await setImmediate()
      last = page.at(-1)?.account
      if (page.length < SHEETS) return
    }
  }

  async #recount(accounts: readonly string[]): Promise<{ account: string; after: Pack }[]> {
    const packs: { account: string; after: Pack }[] = []
    for (const chunk of chunks(accounts, SHEETS)) {
      const sheets = await this.#read(chunk)
      for (const account of chunk) {
        const live = replaySheets(sheets.get(account) ?? [])
        packs.push({ account, after: packOfRecords(live.map(({ record }) => record)) })
      }
      await setImmediate()
    }
    return packs
  }

  async #succeed({ account, importId, records }: Heir): Promise<void> {
    const sheets = (await this.#read([account])).get(account) ?? []
    const sheet = sheets.find((each) => each.importId === importId) ?? { replaced: [], records: [] }
    const more = { ...sheet, records: [...sheet.records, ...records] }
    await this.bulk.upsert('space_record', this.#rowOf(account, packSheet(more), importId))
    const ids = new IdSet()
    for (const { recordId } of records) if (recordId !== undefined) ids.add(recordId)
    await this.#ids.add(ids, importId)
  }

  #rowOf(account: string, sheet: StoredSheet | undefined, importId: number): BulkRow[] {
    return sheet ? [{ account, import: importId, scheme: this.scheme, ...sheet }] : []
  }

  async sheetsOf(account: string): Promise<ImportedSheet[]> {
    return (await this.#read([account])).get(account) ?? []
  }

  async #read(accounts: readonly string[]): Promise<Map<string, ImportedSheet[]>> {
    const rows = await this.bulk.rows<ImportedSheetRow>(
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

function grouped(rows: readonly ImportedSheetRow[]): Map<string, ImportedSheet[]> {
  const sheets = new Map<string, ImportedSheet[]>()
  for (const { account, import: importId, pack } of rows) {
    const list = sheets.get(account) ?? []
    sheets.set(account, list)
    list.push({ importId, ...decodeSheet(pack) })
  }
  return sheets
}

function packOfRecords(records: readonly PackedRecord[]): Pack {
  const counted = records.filter(({ valid, count }) => valid && count > 0)
  return counted.length ? encode(counted) : emptyPack
}
