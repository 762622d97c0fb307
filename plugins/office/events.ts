import type { ServerResponse } from 'node:http'
import type { PageTopic } from '@space-assistant/core/office/topics'
import type { OfficeAsker } from './visit'

interface Listener {
  session: number
  response: ServerResponse
}

const BEAT_MS = 25_000
const EACH = 6
const ALL = 500

/** Streams to open pages: they are told that something is new, never what, and ask again with the rights of then. */
export class PageEvents {
  private readonly listeners = new Set<Listener>()
  private readonly beat = setInterval(() => this.write(': \n\n'), BEAT_MS)

  /** Opens a stream; false when there are too many. */
  open({ session }: Pick<OfficeAsker, 'session'>, response: ServerResponse): boolean {
    const own = [...this.listeners].filter((each) => each.session === session)
    if (own.length >= EACH || this.listeners.size >= ALL) return false
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // A proxy that collects answers would hold it back for ever.
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    response.write('retry: 3000\n\n')
    const listener = { session, response }
    this.listeners.add(listener)
    response.on('close', () => this.listeners.delete(listener))
    return true
  }

  /** Tells every page, or those of some sessions. */
  tell(topic: PageTopic, data: string | number = '', sessions?: ReadonlySet<number>): void {
    this.write(`event: ${topic}\ndata: ${data}\n\n`, sessions)
  }

  /** Closes the streams of a session that has ended. */
  close(session: number): void {
    for (const { response, session: own } of this.listeners) if (own === session) response.end()
  }

  dispose(): void {
    clearInterval(this.beat)
    for (const { response } of this.listeners) response.end()
    this.listeners.clear()
  }

  get size(): number {
    return this.listeners.size
  }

  private write(text: string, sessions?: ReadonlySet<number>): void {
    for (const { response, session } of this.listeners) {
      if (!sessions || sessions.has(session)) response.write(text)
    }
  }
}
