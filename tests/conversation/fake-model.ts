import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request to the fake language model, as far as tests look at it. */
export interface AskedModel {
  messages: { role: string; content: string }[]
  response_format: { type: string }
}

/** What the fake answers: the text of a completion, a status, or nothing for some milliseconds. */
export type ModelBehaviour = { text: string } | { status: number } | { silentMs: number }

/** A server with the interface of OpenAI on loopback that does what a test says. */
export async function startFakeModel(behave: (asked: AskedModel) => ModelBehaviour) {
  const asked: AskedModel[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as AskedModel
      asked.push(body)
      const does = behave(body)
      if ('silentMs' in does) {
        setTimeout(() => response.destroy(), does.silentMs)
        return
      }
      response.setHeader('content-type', 'application/json')
      if ('status' in does) {
        response.statusCode = does.status
        response.end(JSON.stringify({ error: { message: 'no', type: 'refused' } }))
        return
      }
      const message = { role: 'assistant', content: does.text }
      response.end(JSON.stringify({ id: '1', object: 'chat.completion', choices: [{ index: 0, message }] }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    asked,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    stop: () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  }
}
