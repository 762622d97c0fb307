import type { IncomingMessage } from 'node:http'

export type RequestBody = { ok: true; value: unknown } | { ok: false; code: 'too-large' | 'malformed' }

/** Reads a JSON body of so many bytes at most. What is too large is not read on. */
export async function readJson(request: IncomingMessage, most: number): Promise<RequestBody> {
  if (Number(request.headers['content-length'] ?? 0) > most) return { ok: false, code: 'too-large' }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) return { ok: false, code: 'too-large' }
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return { ok: true, value: text ? JSON.parse(text) : {} }
  } catch {
    return { ok: false, code: 'malformed' }
  }
}
