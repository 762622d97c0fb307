import { chmodSync, closeSync, openSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** What a running bot does for the command line beside it; each answers something that JSON can hold. */
export type ControlVerbs = Readonly<Record<string, (params: ControlParams) => Promise<unknown>>>
export type ControlParams = Readonly<Record<string, string>>

const NAME = 'space.sock'
/** The kernel's limit for the path of a socket is 107 bytes; a folder that is open has a short name on Linux. */
const LONGEST = 100

/**
 * Listens in the data folder, where only the account that runs the bot may enter: whoever can connect can read the
 * database itself. Undefined when another process on the same folder listens already.
 */
export async function serveControl(folder: string, verbs: ControlVerbs): Promise<Server | undefined> {
  if (await askControl(folder, 'hello')) return
  rmSync(join(folder, NAME), { force: true })
  const server = createServer((socket) => void answer(socket, verbs))
  return new Promise((done, fail) => {
    server.once('error', fail)
    withShortPath(folder, (path, release) => {
      server.listen(path, () => {
        release()
        chmodSync(join(folder, NAME), 0o600)
        done(server)
      })
    })
  })
}

async function answer(socket: Socket, verbs: ControlVerbs): Promise<void> {
  socket.on('error', () => socket.destroy())
  const line = await firstLine(socket)
  const { verb, params } = JSON.parse(line || '{}') as { verb?: string; params?: ControlParams }
  const act = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  try {
    const value = await (act?.(params ?? {}) ?? Promise.resolve())
    socket.end(`${JSON.stringify({ value: value ?? null })}\n`)
  } catch (error) {
    socket.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`)
  }
}

/** Asks the bot that runs on a data folder; undefined when none does. Rejects with what the bot says went wrong. */
export async function askControl(
  folder: string,
  verb: string,
  params: ControlParams = {},
): Promise<{ value: unknown } | undefined> {
  const socket = await connect(folder)
  if (!socket) return
  socket.write(`${JSON.stringify({ verb, params })}\n`)
  const line = await firstLine(socket)
  socket.destroy()
  // It ended before it had answered.
  if (!line) return
  const reply = JSON.parse(line) as { value?: unknown; error?: string }
  if (reply.error !== undefined) throw new Error(reply.error)
  return { value: reply.value }
}

function connect(folder: string): Promise<Socket | undefined> {
  return new Promise((done) => {
    try {
      withShortPath(folder, (path, release) => {
        const socket = createConnection(path)
        socket.once('connect', () => (release(), done(socket)))
        socket.once('error', () => (release(), done(undefined)))
      })
    } catch {
      // There is no such folder yet.
      done(undefined)
    }
  })
}

function withShortPath(folder: string, use: (path: string, release: () => void) => void): void {
  const path = join(folder, NAME)
  if (Buffer.byteLength(path) <= LONGEST) return use(path, () => undefined)
  const opened = openSync(folder, 'r')
  use(`/proc/self/fd/${opened}/${NAME}`, () => closeSync(opened))
}

async function firstLine(socket: Socket): Promise<string> {
  for await (const line of createInterface({ input: socket })) return line
  return ''
}
