import { createServer } from 'node:net'
import { parsePort } from '@space-assistant/core/configuration/environment'
import { text } from './text'
import type { TextKey } from './text'

const DEFAULT_PORT = 5140

/** The port of this process's server, from PORT. */
export function portOf(): number {
  return parsePort(process.env['PORT'] ?? '') ?? DEFAULT_PORT
}

/** A sentence when another program has the port: the bot would run on without being reached, and hold its database. */
export function refuseTakenPort(port: number, key: TextKey = 'port-taken'): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(text(key, { port, other: port + 1 })))
    server.listen(port, '127.0.0.1', () => server.close(() => done(undefined)))
  })
}
