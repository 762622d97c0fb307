import { setImmediate } from 'node:timers/promises'
import { IdSet } from '@space-assistant/core/pipeline/id-set'
import type { IdBlock } from '@space-assistant/core/pipeline/id-set'
import type { Bulk } from 'koishi-plugin-space-database'
import { chunks, marks } from './paging'

interface BlockRow {
  block: number
  bits: Uint8Array
}

/** The ids of all records that count: running numbers as bits, 512 of them a row, any other text as a row of its own. */
export class RecordIdStore {
  constructor(readonly bulk: Bulk) {}

  /** Those of the ids that are stored. */
  async known(ids: IdSet): Promise<IdSet> {
    const known = new IdSet()
    await this.#eachStored(ids, (asked, stored) => {
      const bits = asked.bits.map((word, at) => word & (stored[at] ?? 0))
      if (bits.some((word) => word)) known.addBlock({ ...asked, bits })
    })
    for (const chunk of chunks([...ids.texts, ...(await this.#formerly(ids))])) {
      const sql = `SELECT id FROM space_record_id WHERE id IN (${marks(chunk)})`
      for (const { id } of await this.bulk.rows<{ id: string }>(sql, chunk)) known.add(id)
      await setImmediate()
    }
    return known
  }

  async add(ids: IdSet, importId: number): Promise<void> {
    await this.#rewrite(ids, (own, stored) => own | stored)
    for (const chunk of chunks([...ids.texts])) {
      await this.bulk.insert(
        'space_record_id',
        chunk.map((id) => ({ id, import: importId })),
      )
    }
  }

  async remove(ids: IdSet): Promise<void> {
    await this.#rewrite(ids, (own, stored) => stored & ~own)
    for (const chunk of chunks([...ids.texts, ...(await this.#formerly(ids))])) {
      await this.bulk.run(`DELETE FROM space_record_id WHERE id IN (${marks(chunk)})`, chunk)
      await setImmediate()
    }
  }

  /** Running numbers that were stored as texts, as all ids were once; those that are asked for. */
  async #formerly(ids: IdSet): Promise<string[]> {
    const found: string[] = []
    for (const [first, last] of rangesOf(ids)) {
      for (let from = first, sign = '>='; ; sign = '>') {
        const sql = `SELECT id FROM space_record_id WHERE id ${sign} ? AND id <= ? ORDER BY id LIMIT ${PAGE}`
        const page = await this.bulk.rows<{ id: string }>(sql, [from, last])
        for (const { id } of page) if (ids.has(id)) found.push(id)
        const end = page.at(-1)
        if (page.length < PAGE || !end) break
        from = end.id
        await setImmediate()
      }
    }
    return found
  }

  async #eachStored(ids: IdSet, take: (asked: IdBlock, stored: Uint32Array) => void): Promise<void> {
    for (const { form, blocks } of pagesOf(ids)) {
      const asked = new Map(blocks.map((block) => [block.block, block]))
      const sql = `SELECT block, bits FROM space_record_id_block WHERE form = ? AND block IN (${marks(blocks)})`
      for (const { block, bits } of await this.bulk.rows<BlockRow>(sql, [form, ...asked.keys()])) {
        const own = asked.get(Number(block))
        if (own) take(own, wordsOf(bits))
      }
      await setImmediate()
    }
  }

  async #rewrite(ids: IdSet, combine: (own: number, stored: number) => number): Promise<void> {
    for (const { form, blocks } of pagesOf(ids)) {
      const stored = new Map<number, Uint32Array>()
      const sql = `SELECT block, bits FROM space_record_id_block WHERE form = ? AND block IN (${marks(blocks)})`
      const numbers = blocks.map(({ block }) => block)
      for (const { block, bits } of await this.bulk.rows<BlockRow>(sql, [form, ...numbers])) {
        stored.set(Number(block), wordsOf(bits))
      }
      const rows = blocks.map(({ block, bits }) => {
        const before = stored.get(block)
        const words = bits.map((word, at) => combine(word, before?.[at] ?? 0))
        return { form, block, bits: new Uint8Array(words.buffer) }
      })
      const empty = rows.filter(({ bits }) => bits.every((byte) => !byte)).map(({ block }) => block)
      if (empty.length) {
        const none = `DELETE FROM space_record_id_block WHERE form = ? AND block IN (${marks(empty)})`
        await this.bulk.run(none, [form, ...empty])
      }
      await this.bulk.upsert(
        'space_record_id_block',
        rows.filter(({ bits }) => bits.some((byte) => byte)),
      )
      await setImmediate()
    }
  }
}

const PAGE = 5000
const BLOCKS = 500

/** Blocks of one form, a page at a time. Letters are told apart by their case, which not every database does. */
function* pagesOf(ids: IdSet): Generator<{ form: string; blocks: IdBlock[] }> {
  const forms = new Map<string, IdBlock[]>()
  for (const block of ids.blocks()) {
    const form = `${block.digits}-${Buffer.from(block.prefix).toString('hex')}`
    const known = forms.get(form)
    if (known) known.push(block)
    else forms.set(form, [block])
  }
  for (const [form, blocks] of forms) {
    for (const page of chunks(blocks, BLOCKS)) yield { form, blocks: [...page] }
  }
}

/** First and last id of each form. */
function rangesOf(ids: IdSet): [string, string][] {
  const ends = new Map<string, { prefix: string; digits: number; from: number; to: number }>()
  for (const { prefix, digits, block } of ids.blocks()) {
    const key = `${prefix} ${digits}`
    const known = ends.get(key) ?? { prefix, digits, from: Infinity, to: 0 }
    ends.set(key, {
      ...known,
      from: Math.min(known.from, block * 512),
      to: Math.max(known.to, block * 512 + 511),
    })
  }
  return [...ends.values()].map(({ prefix, digits, from, to }) => {
    const text = (number: number) => prefix + String(Math.min(number, 10 ** digits - 1)).padStart(digits, '0')
    return [text(from), text(to)]
  })
}

function wordsOf(bits: Uint8Array): Uint32Array {
  return new Uint32Array(bits.slice().buffer)
}
