import { Leases } from './leases'
import type { Context } from 'koishi'
import type { Bulk } from './bulk'
import type { LeaseConfig } from './leases'

export { Leases } from './leases'
export type { Bulk, BulkRow, BulkStatement, BulkValue } from './bulk'
export type { ForeignLease, LeaseConfig } from './leases'
export type { ClaimRow, LeaseRow } from './table'

declare module 'koishi' {
  interface Context {
    bulk: Bulk
    leases: Leases
  }
  interface Events {
    /** The database cannot be opened, and waiting would not help: another process has it, or the file is none. */
    'space/database-refused'(error: Error): void
    /** The database cannot be reached; it is tried again and again. */
    'space/database-away'(error: Error): void
    /**
     * Asked by parts of which only one may run among all processes on a database (`wecom:BOT`); whoever has the lease
     * answers `lead`. Nobody listening means a single process, which leads. (Koishi takes false for no answer.)
     */
    'space/lead'(
      duty: string,
      lengthMs?: number,
    ): Promise<'lead' | 'follow' | undefined> | 'lead' | 'follow' | undefined
  }
}

/** Whoever leads renews more often than this. */
const LEAD_MS = 60_000

/** What both drivers load: the leases, and before they are there an answer to who may lead: nobody yet. */
export const leasePlugin = {
  name: 'space-leases',
  apply(ctx: Context, config: LeaseConfig): void {
    const ready = new Promise<Leases>((resolve) => ctx.inject(['leases'], ({ leases }) => resolve(leases)))
    ctx.on('space/lead', async (duty, lengthMs = LEAD_MS) =>
      (await (await ready).acquire(`lead:${duty}`, lengthMs)) ? 'lead' : 'follow',
    )
    ctx.plugin(Leases, config)
  },
}
