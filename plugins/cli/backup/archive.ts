import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { Decrypter, Encrypter } from 'age-encryption'
import { text } from '../text'

/** The first bytes of what age has encrypted: https://age-encryption.org/v1 */
const AGE_HEAD = 'age-encryption.org/v1'

/** Two to the power of this is what each guess at a passphrase costs; here that are seconds. */
const WORK_FACTOR = 16

/** Names below a folder that go into an archive. */
export interface ArchivePart {
  folder: string
  names: readonly string[]
}

/** Writes a compressed archive, encrypted when there is a passphrase; the file appears whole or not at all. */
export async function packArchive(
  file: string,
  parts: readonly ArchivePart[],
  passphrase: string,
): Promise<void> {
  const args = parts.flatMap(({ folder, names }) => ['-C', folder, ...names.map((name) => `./${name}`)])
  const tar = spawn('tar', ['-cz', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const complaint = textOf(tar.stderr)
  const ended = once(tar, 'close')
  const partial = `${file}.partial`
  try {
    const source = passphrase ? await encrypted(tar.stdout, passphrase) : tar.stdout
    await pipeline(source, createWriteStream(partial, { mode: 0o600 }))
    const [code] = (await ended) as [number | null]
    // 1: a file was removed or grew while it was read, which is the business of whoever did that.
    if (code === null || code > 1) throw new Error(text('backup-tar-failed', { reason: await complaint }))
    const written = openSync(partial, 'r')
    fsyncSync(written)
    closeSync(written)
    renameSync(partial, file)
  } finally {
    rmSync(partial, { force: true })
  }
}

async function encrypted(source: Readable, passphrase: string): Promise<Readable> {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(WORK_FACTOR)
  encrypter.setPassphrase(passphrase)
  return fromWeb(await encrypter.encrypt(toWeb(source)))
}

type AgeStream = globalThis.ReadableStream<Uint8Array>
const toWeb = (source: Readable) => Readable.toWeb(source) as unknown as AgeStream
const fromWeb = (stream: AgeStream) => Readable.fromWeb(stream)

/** Whether a passphrase is needed to read the file. */
export function isEncrypted(file: string): boolean {
  const opened = openSync(file, 'r')
  const head = Buffer.alloc(AGE_HEAD.length)
  readSync(opened, head, 0, head.length, 0)
  closeSync(opened)
  return head.toString('latin1') === AGE_HEAD
}

/** Takes an archive apart into a folder; throws with a sentence when it is damaged or the passphrase is another one. */
export async function unpackArchive(file: string, folder: string, passphrase: string): Promise<void> {
  const opened = createReadStream(file)
  const source = isEncrypted(file) ? await decrypted(opened, passphrase) : opened
  const tar = spawn('tar', ['-xz', '--no-same-owner', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'] })
  const complaint = textOf(tar.stderr)
  const ended = once(tar, 'close')
  const fed = await pipeline(source, tar.stdin).then(
    () => undefined,
    (error: unknown) => error,
  )
  const [code] = (await ended) as [number | null]
  await complaint
  if (fed !== undefined || code !== 0) throw new Error(text('restore-damaged', { file }), { cause: fed })
}

async function decrypted(source: Readable, passphrase: string): Promise<Readable> {
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return fromWeb(await decrypter.decrypt(toWeb(source)))
  } catch (cause) {
    throw new Error(text('restore-passphrase'), { cause })
  }
}
