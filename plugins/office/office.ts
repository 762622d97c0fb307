import { isSessionAlive } from '@space-assistant/core/office/login'
import type { Context } from 'koishi'
import type { ChatRef } from 'koishi-plugin-space-access'
import { LoginCodes } from './codes'
import { PageEvents } from './events'
import { PageGate } from './gate'
import { PageSessions } from './sessions'
import type { PageSettings } from './settings'
import type { RouteHandlers } from './visit'

declare module 'koishi' {
  interface Context {
    office: OfficeService
  }
}

/** The activity's page: who is signed in, which parts of the bot answer it, what open pages are told. */
export class OfficeService {
  readonly sessions: PageSessions
  readonly codes: LoginCodes
  readonly events = new PageEvents()
  readonly gate: PageGate
  /** Whether the made-up people may be chosen from. */
  demo = false

  constructor(
    ctx: Context,
    readonly settings: PageSettings,
  ) {
    this.sessions = new PageSessions(ctx)
    this.codes = new LoginCodes(ctx)
    this.gate = new PageGate(ctx, { sessions: this.sessions, settings })
  }

  /** Another part of the bot answers these routes; gives back how to stop. */
  answer(handlers: Partial<RouteHandlers>): () => void {
    return this.gate.answer(handlers)
  }

  /** Ends one of somebody's sessions, and what is open of it. */
  async end(who: ChatRef, id: number): Promise<boolean> {
    const ended = await this.sessions.end(who, id)
    if (ended) this.events.close(id)
    return ended
  }

  /** Ends all sessions of somebody; how many were alive. */
  async endAll(who: ChatRef): Promise<number> {
    const now = Date.now()
    const alive = (await this.sessions.list(who)).filter((row) => isSessionAlive(row, now))
    await this.sessions.endAll(who)
    for (const { id } of alive) this.events.close(id)
    return alive.length
  }
}
