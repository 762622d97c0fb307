import { randomInt, scrypt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { loginCodeMs, makeLoginCode, readLoginCode, waitBeforeTry } from '@space-assistant/core/office/login'
import type { Context } from 'koishi'
import type { ChatRef } from 'koishi-plugin-space-access'
import { RateLimiterMemory } from 'rate-limiter-flexible'

/** Tries that wait at the same time; more are told to come back, so that waiting costs nothing. */
const MOST_WAITING = 50
const quarterHour = 15 * 60
const unlimited = Number.MAX_SAFE_INTEGER
const CHANCES = 2 ** 32

/** What has come of a code that somebody typed. */
export type Redeemed = { kind: 'opened'; who: ChatRef } | { kind: 'malformed' | 'unknown' | 'busy' }

/** One-time codes by which a chat account opens a browser. */
export class LoginCodes {
  private readonly wrong = new RateLimiterMemory({ points: unlimited, duration: quarterHour })
  private waiting = 0

  constructor(private readonly ctx: Context) {}

  /** A new code of somebody; the ones before are void. */
  async issue(who: ChatRef): Promise<string> {
    const code = makeLoginCode(() => randomInt(0, CHANCES) / CHANCES)
    const hash = await hashLoginCode(code)
    const { platform, selfId, userId } = who
    await this.ctx.database.withTransaction(async (db) => {
      await db.remove('space_page_code', { platform, selfId, userId })
      await db.remove('space_page_code', { expiresAt: { $lt: Date.now() } })
      const expiresAt = Date.now() + loginCodeMs
      await db.create('space_page_code', { hash, platform, selfId, userId, state: 'open', expiresAt })
    })
    return code
  }

  /** Uses a code once: of two browsers at once, one is let in. Wrong tries make the next answers of the address slow. */
  async redeem(text: string, address: string): Promise<Redeemed> {
    const code = readLoginCode(text)
    if (code === undefined) return { kind: 'malformed' }
    if (!(await this.takeTurn(address))) return { kind: 'busy' }
    const hash = await hashLoginCode(code)
    const [row] = await this.ctx.database.get('space_page_code', { hash, state: 'open' })
    if (!row || row.expiresAt <= Date.now()) return { kind: 'unknown' }
    const { matched } = await this.ctx.database.set(
      'space_page_code',
      { hash, state: 'open' },
      { state: 'used' },
    )
    if (!matched) return { kind: 'unknown' }
    await Promise.all([this.wrong.reward(`from ${address}`, 1), this.wrong.reward('all', 1)])
    const { platform, selfId, userId } = row
    return { kind: 'opened', who: { platform, selfId, userId } }
  }

  /** Makes a code useless that others have read; whether it was one. */
  async burn(code: string): Promise<boolean> {
    const hash = await hashLoginCode(code)
    const { matched } = await this.ctx.database.set(
      'space_page_code',
      { hash, state: 'open' },
      { state: 'void' },
    )
    return Boolean(matched)
  }

  /** Counts a try before it is looked up, so that tries made at once count too. False: too many wait already. */
  private async takeTurn(address: string): Promise<boolean> {
    if (this.waiting >= MOST_WAITING) return false
    const [own, all] = await Promise.all([
      this.wrong.penalty(`from ${address}`, 1),
      this.wrong.penalty('all', 1),
    ])
    const ms = waitBeforeTry({ address: own.consumedPoints - 1, everybody: all.consumedPoints - 1 })
    if (!ms) return true
    this.waiting++
    await sleep(ms).finally(() => this.waiting--)
    return true
  }
}

/** Slow on purpose (some 10 ms): whoever gets the table should not try all codes within their five minutes. */
function hashLoginCode(code: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(code, 'space-page-code', 32, { N: 4096, r: 8, p: 1 }, (error, key) => {
      if (error) reject(error)
      else resolve(key.toString('hex'))
    })
  })
}
