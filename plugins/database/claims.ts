import { setImmediate } from 'node:timers/promises'
import type { Bulk } from './bulk'

/** Ids are kept for as long as a clock might be set back. */
const KEPT_MS = 3 * 86_400_000
const SWEEP_MS = 3_600_000

interface Question {
  id: string
  resolve: (first: boolean) => void
  reject: (error: unknown) => void
}

/** Claims of one moment are written in one: a busy group must not cost a round trip for every line. */
export class ClaimBatch {
  private waiting: Question[] = []
  private running = false
  private sweptAt = -Infinity

  constructor(private readonly bulk: () => Bulk) {}

  add(id: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, resolve, reject })
      if (!this.running) void this.run()
    })
  }

  private async run(): Promise<void> {
    this.running = true
    await setImmediate()
    while (this.waiting.length) {
      const questions = this.waiting.splice(0, 200)
      try {
        await this.answer(questions)
      } catch (error) {
        for (const { reject } of questions) reject(error)
      }
    }
    this.running = false
  }

  private async answer(questions: readonly Question[]): Promise<void> {
    const bulk = this.bulk()
    const now = Date.now()
    const ids = [...new Set(questions.map(({ id }) => id))]
    const token = `${now}.${Math.random()}`
    const inserted = await bulk.insert(
      'space_claim',
      ids.map((id) => ({ id, token, at: now })),
    )
    const mine = inserted === ids.length ? new Set(ids) : await this.ours(ids, token)
    for (const { id, resolve } of questions) resolve(mine.delete(id))
    if (Math.abs(performance.now() - this.sweptAt) < SWEEP_MS) return
    this.sweptAt = performance.now()
    await bulk.run('DELETE FROM space_claim WHERE at < ?', [now - KEPT_MS])
  }

  private async ours(ids: readonly string[], token: string): Promise<Set<string>> {
    const marks = ids.map(() => '?').join(', ')
    const sql = `SELECT id FROM space_claim WHERE token = ? AND id IN (${marks})`
    const rows = await this.bulk().rows<{ id: string }>(sql, [token, ...ids])
    return new Set(rows.map(({ id }) => id))
  }
}
