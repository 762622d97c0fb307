import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { IncomingMessage } from 'node:http'

/** A file that came in, on the disk; `drop` removes it. */
export interface Uploaded {
  path: string
  read(): Promise<Uint8Array>
  drop(): Promise<void>
}

/** Writes a request's body to a file, piece by piece. Undefined: it was larger than permitted, and nothing is left. */
export async function receiveFile(
  request: IncomingMessage,
  { folder, most }: { folder: string; most: number },
): Promise<Uploaded | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > most) return undefined
  await mkdir(folder, { recursive: true })
  const path = join(folder, randomUUID())
  const drop = () => rm(path, { force: true })
  let size = 0
  const guard = new Transform({
    transform(chunk: Buffer, _, next) {
      size += chunk.length
      next(size > most ? new TooLarge() : null, chunk)
    },
  })
  try {
    await pipeline(request, guard, createWriteStream(path))
  } catch (error) {
    await drop()
    if (error instanceof TooLarge) return undefined
    throw error
  }
  return { path, read: () => readFile(path), drop }
}

class TooLarge extends Error {}
