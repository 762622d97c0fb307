import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { qqFailure, put } from './transport'
import type { Rest } from './transport'

/** https://bot.q.qq.com/wiki/develop/api-v2/server-inter/message/send-receive/rich-media.html */
export const fileTypes = { image: 1, video: 2, audio: 3, file: 4 } as const

export interface QQMedia {
  type: (typeof fileTypes)[keyof typeof fileTypes]
  name: string
  bytes: Buffer
}

const number = z.union([z.number(), z.string()]).transform(Number)

const prepared = z.object({
  // A file that the platform knows already needs no parts.
  file_info: z.string().optional(),
  upload_id: z.string().optional(),
  block_size: number.optional(),
  parts: z
    .array(
      z.object({
        index: z.number().optional(),
        part_index: z.number().optional(),
        presigned_url: z.string(),
      }),
    )
    .optional(),
})

const FIRST_10M = 10_002_432
const BASE64_MAX = 4 * 2 ** 20
const PART_PENDING = 40093001

/** Uploads to a group or person (`/v2/groups/ID` or `/v2/users/ID`) and returns the `file_info` for a message. */
export async function upload(rest: Rest, target: string, media: QQMedia, timeout: number): Promise<string> {
  try {
    return await uploadParts(rest, target, media, timeout)
  } catch (error) {
    const known = sendErrorOf(error, 'qq')
    // No message has been sent yet: whatever happened, it did not arrive.
    const rejected = qqFailure(known.class, 'rejected', known.code, known.detail)
    if (media.bytes.length >= BASE64_MAX || ['rate', 'auth', 'network'].includes(known.class)) throw rejected
    // Undocumented, but the only way that older platform versions know.
    const data = { file_type: media.type, srv_send_msg: false, file_data: media.bytes.toString('base64') }
    return rest.call<{ file_info?: string }>('POST', `${target}/files`, data).then(
      (answer) => answer.file_info ?? Promise.reject(rejected),
      () => Promise.reject(rejected),
    )
  }
}

async function uploadParts(rest: Rest, target: string, media: QQMedia, timeout: number): Promise<string> {
  const { bytes } = media
  const answer = await rest.call<unknown>('POST', `${target}/upload_prepare`, {
    file_type: media.type,
    file_name: media.name,
    file_size: String(bytes.length),
    md5: digest('md5', bytes),
    sha1: digest('sha1', bytes),
    md5_10m: digest('md5', bytes.subarray(0, FIRST_10M)),
  })
  const plan = prepared.safeParse(answer).data
  if (plan?.file_info) return plan.file_info
  if (!plan?.upload_id || !plan.parts?.length)
    throw qqFailure('server', 'rejected', undefined, 'no upload plan')
  const { upload_id, parts } = plan
  const size = plan.block_size || Math.ceil(bytes.length / parts.length)
  for (const [position, part] of parts.entries()) {
    // Offsets follow the order of the parts; their index begins at 0 or 1, depending on the page one reads.
    const block = bytes.subarray(position * size, (position + 1) * size)
    await put(part.presigned_url, block, timeout)
    await finishPart(rest, target, {
      upload_id,
      part_index: part.index ?? part.part_index ?? position + 1,
      block_size: String(block.length),
      md5: digest('md5', block),
    })
  }
  const merge = { file_type: media.type, file_name: media.name, srv_send_msg: false, upload_id }
  const merged = await rest.call<{ file_info?: string }>('POST', `${target}/files`, merge)
  if (!merged.file_info) throw qqFailure('server', 'rejected', undefined, 'no file_info')
  return merged.file_info
}

async function finishPart(rest: Rest, target: string, part: object): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rest.call('POST', `${target}/upload_part_finish`, part)
      return
    } catch (error) {
      // The storage has the part, the platform has not noticed yet (AstrBot pull request 9646).
      if (sendErrorOf(error, 'qq').code !== PART_PENDING || attempt >= 5) throw error
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
    }
  }
}

function digest(algorithm: 'md5' | 'sha1', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

/** The bytes behind the address of an element: data, file or http(s). */
export async function bytesOf(src: string): Promise<Buffer> {
  const data = /^data:[^,]*;base64,/.exec(src)
  if (data) return Buffer.from(src.slice(data[0].length), 'base64')
  if (src.startsWith('file:')) return readFile(fileURLToPath(src))
  const response = await fetch(src, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
  if (!response?.ok) throw qqFailure('content', 'rejected', response?.status, 'the file cannot be fetched')
  return Buffer.from(await response.arrayBuffer())
}
