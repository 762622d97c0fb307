import { Link } from './transport'
import type { Config } from './config'

export interface SupervisorEvents {
  /** Whether this process is the one to connect. */
  lead: () => Promise<boolean>
  online: () => void
  lost: (reason: string) => void
  message: (body: unknown, requestId: string) => void
  entered: (body: unknown, requestId: string) => void
}

/** After being displaced wait a while, each time twice as long, so that two insisting processes do not take turns. */
const DISPLACED_MAX_MS = 600_000

/**
 * Keeps exactly one connection per bot alive: WeCom throws out the first when a second one comes, and the SDK then
 * stops for ever, as it does after some failed logins.
 */
export class Supervisor {
  link: Link | undefined
  private timer: NodeJS.Timeout | undefined
  private notBefore = 0
  private onlineAt = 0
  private displacements = 0
  private running = false

  constructor(
    private readonly config: Config,
    private readonly events: SupervisorEvents,
    private readonly now = Date.now,
  ) {}

  start(): void {
    if (this.running) return
    this.running = true
    void this.tick()
  }

  stop(): void {
    this.running = false
    clearTimeout(this.timer)
    this.drop()
  }

  private async tick(): Promise<void> {
    const lead = await this.events.lead().catch(() => false)
    if (!this.running) return
    if (!lead && this.link) {
      this.drop()
      this.events.lost('another process leads')
    }
    if (lead && !this.link && this.now() >= this.notBefore) this.connect()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.tick(), this.config.superviseMs)
  }

  private connect(): void {
    const { botId, secret, wsUrl, heartbeat, reconnect } = this.config
    const link: Link = new Link(
      { botId, secret, wsUrl, heartbeat, reconnect },
      {
        online: () => {
          if (link !== this.link) return
          this.onlineAt = this.now()
          this.events.online()
        },
        lost: () => link === this.link && this.events.lost('connection lost'),
        displaced: () => this.displaced(link),
        dead: (reason) => this.dead(link, reason),
        silent: () => this.silent(link),
        message: (body, requestId) => link === this.link && this.events.message(body, requestId),
        entered: (body, requestId) => link === this.link && this.events.entered(body, requestId),
      },
    )
    this.link = link
  }

  private displaced(link: Link): void {
    if (link !== this.link) return
    this.drop()
    if (this.now() - this.onlineAt > DISPLACED_MAX_MS) this.displacements = 0
    const pause = Math.min(this.config.displacedMs * 2 ** this.displacements++, DISPLACED_MAX_MS)
    this.notBefore = this.now() + pause
    this.events.lost(`another connection took over, next attempt in ${pause} ms`)
  }

  private dead(link: Link, reason: string): void {
    if (link !== this.link) return
    this.drop()
    this.notBefore = this.now() + this.config.displacedMs
    this.events.lost(reason)
  }

  /** The next tick makes another connection. */
  private silent(link: Link): void {
    if (link !== this.link) return
    this.drop()
    this.events.lost('nothing is acknowledged')
  }

  private drop(): void {
    this.link?.close()
    this.link = undefined
  }
}
