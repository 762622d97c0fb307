import type { Context, MainScope, Session } from 'koishi'

/** What cordis counts as up; below are those that wait for a service or are being loaded, above those that failed or are gone. */
const ACTIVE: number = 2

export interface Patience {
  /** Milliseconds that messages are kept for at most, from the moment when loading began. */
  ms: number
  /** Most messages that are kept, and most of one person. */
  messages: number
  each: number
}

export type StartupOutcome = 'loaded' | 'say-loading' | 'silence'

interface Kept {
  who: string
  end: (loaded: boolean) => void
}

/**
 * The time until the database and all plugins are there. What is said meanwhile is kept and answered when they are; when
 * that takes too long or too much was said, each chat is told once.
 */
export class Startup {
  private kept: Kept[] = []
  private readonly told = new Set<string>()
  private known: boolean | undefined
  private since = Date.now()

  constructor(
    private readonly ctx: Context,
    private readonly patience: Patience,
  ) {
    const look = () => {
      const before = this.known
      this.known = undefined
      if (before === false || !this.kept.length) return
      if (!this.underway) this.end(true)
    }
    ctx.on('internal/runtime', look)
    ctx.on('internal/status', look)
    ctx.on('internal/service', look)
    ctx.on('dispose', () => this.end(false))
  }

  get underway(): boolean {
    if (this.known === undefined) {
      this.known = this.look()
      if (!this.known) this.told.clear()
    }
    return this.known
  }

  /** Whether commands can be carried out at all. */
  get hasDatabase(): boolean {
    return this.ctx.get('database') !== undefined
  }

  /** Keeps a message until everything is there, in order; `overheard` ones are nobody's loss when there is no room. */
  async keep(session: Session, overheard: boolean): Promise<StartupOutcome> {
    const chat = `${session.platform}:${session.selfId}:${session.channelId}`
    if (await this.wait(`${chat}:${session.userId}`, overheard)) return 'loaded'
    if (overheard || this.told.has(chat)) return 'silence'
    this.told.add(chat)
    return 'say-loading'
  }

  private wait(who: string, overheard: boolean): Promise<boolean> {
    const left = this.since + this.patience.ms - Date.now()
    const { messages, each } = this.patience
    const room = overheard ? messages / 2 : messages
    const own = this.kept.filter((one) => one.who === who).length
    if (left <= 0 || this.kept.length >= room || own >= each) return Promise.resolve(false)
    return new Promise((resolve) => {
      const entry = { who, end: resolve }
      this.kept.push(entry)
      if (this.kept.length === 1) this.ctx.setTimeout(() => this.end(!this.underway), left)
    })
  }

  private end(loaded: boolean): void {
    for (const { end } of this.kept.splice(0)) end(loaded)
  }

  private look(): boolean {
    const underway = !this.hasDatabase || [...this.ctx.registry.values()].some(waits)
    if (!underway) this.since = Infinity
    else if (this.since === Infinity) this.since = Date.now()
    return underway
  }
}

/** A plugin of this project that is wanted but not there yet; those inside another one may wait for ever for what is optional. */
function waits(scope: MainScope): boolean {
  const { name, isActive, children } = scope
  const status: number = scope.status
  // After a service that it needs went away a plugin is not active, whatever its status says.
  if (!ours(name) || status > ACTIVE || (isActive && status === ACTIVE)) return false
  return children.some(({ parent }) => !ours(parent.scope.runtime.name))
}

const ours = (name: string | undefined) => Boolean(name?.startsWith('space-'))
