import { lookup } from 'node:dns'
import { request as plainly } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as securely } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import type { Context } from 'koishi'
import { isPublic } from './address'

/** Why there are no bytes. Nothing of the address is ever said or logged: it may hold a key. */
export type DownloadFailure = 'too-big' | 'not-fetched'

export interface DownloadLimits {
  bytes: number
  /** For everything, however slowly it comes. */
  ms: number
  /** `host` or `host:port` of servers inside the own network that files may be fetched from. */
  trusted: readonly string[]
}

const downloadMs = 60_000

/** Fetches what people attach; `trusted` are the hosts that a setting names, separated by commas. */
export class Downloads {
  private readonly trusted: readonly string[]

  constructor(
    private readonly ctx: Context,
    trusted: string,
  ) {
    this.trusted = trusted
      .split(',')
      .map((host) => host.trim())
      .filter(Boolean)
  }

  fetch(src: string, bytes: number): Promise<Uint8Array | DownloadFailure> {
    return download(src, { bytes, ms: downloadMs, trusted: this.trusted })
  }

  /** The host that has to be named before it is fetched from; whoever runs the bot finds it in the log. */
  closedHost(src: string): string | undefined {
    const host = closedHostOf(src, this.trusted)
    const log = this.ctx.logger('space-conversation')
    if (host !== undefined) log.warn('not fetched from %s: ATTACHMENT_HOSTS does not name it', host)
    return host
  }

  /** Why a file was not fetched; where it lies inside the own network, with the host that nobody has allowed. */
  unfetched(failure: DownloadFailure, { src, limit }: { src: string; limit: number }) {
    const host = failure === 'not-fetched' ? this.closedHost(src) : undefined
    const params = { limit: Math.floor(limit / 2 ** 20), host: host ?? '' }
    return { code: host === undefined ? failure : ('closed-host' as const), params }
  }
}

const hops = 3
const inline = /^(?:data:[^,]*;base64,|base64:\/\/)/

/**
 * The bytes behind an attachment's address. People choose what is in a message, so an address may be anything: it must
 * not reach this machine or the networks around it, also not through a name or a redirection, and nothing is read
 * beyond the limits, whatever the other side says about the length.
 */
export async function download(src: string, limits: DownloadLimits): Promise<Uint8Array | DownloadFailure> {
  const head = inline.exec(src)?.[0]
  if (head !== undefined) {
    if ((src.length - head.length) * 0.75 > limits.bytes + 3) return 'too-big'
    const bytes = Buffer.from(src.slice(head.length), 'base64')
    return bytes.length > limits.bytes ? 'too-big' : bytes
  }
  const signal = AbortSignal.timeout(limits.ms)
  let url = urlOf(src)
  try {
    for (let hop = 0; url && hop <= hops; hop++) {
      const response = await open(url, limits.trusted, signal)
      if (!response) return 'not-fetched'
      const { statusCode = 0, headers } = response
      if (statusCode === 200) return await read(response, limits.bytes)
      response.destroy()
      const moved = statusCode >= 300 && statusCode < 400 && headers.location
      url = moved ? urlOf(moved, url) : undefined
    }
  } catch {
    // Refused, cut off or out of time: to whoever sent the file it is all the same.
  }
  return 'not-fetched'
}

/** The host that an address names outright, when it is inside and nobody has said that it may be fetched from. */
function closedHostOf(src: string, trusted: readonly string[]): string | undefined {
  const url = urlOf(src)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const { host, hostname } = url
  if (trusted.includes(host) || trusted.includes(hostname)) return undefined
  const literal = hostname.replace(/^\[|\]$/g, '')
  const isInside = isIP(literal) ? !isPublic(literal) : literal === 'localhost'
  return isInside ? host : undefined
}

function open(
  url: URL,
  trusted: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage | undefined> {
  const { protocol, host, hostname } = url
  if (protocol !== 'http:' && protocol !== 'https:') return Promise.resolve(undefined)
  const known = trusted.includes(host) || trusted.includes(hostname)
  const literal = hostname.replace(/^\[|\]$/g, '')
  // A name is looked at when it is resolved, right before the connection.
  if (!known && isIP(literal) && !isPublic(literal)) return Promise.resolve(undefined)
  const ask = protocol === 'https:' ? securely : plainly
  return new Promise((resolve, reject) => {
    ask(url, { signal, agent: false, ...(!known && { lookup: outside }) }, resolve)
      .on('error', reject)
      .end()
  })
}

function urlOf(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base) : undefined
}

/** Resolves names of the public internet only; a name with one address inside is refused as a whole. */
const outside: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const inside = error ?? (found.every(({ address }) => isPublic(address)) ? null : new Error('not public'))
    const [first] = found ?? []
    if (inside || !first) callback(inside ?? new Error('no address'), '', 4)
    else if (options.all) callback(null, found)
    else callback(null, first.address, first.family)
  })
}

async function read(response: IncomingMessage, limit: number): Promise<Uint8Array | DownloadFailure> {
  if (Number(response.headers['content-length']) > limit) {
    response.destroy()
    return 'too-big'
  }
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Uint8Array>) {
    size += piece.length
    // Leaving the loop cuts the connection.
    if (size > limit) return 'too-big'
    pieces.push(piece)
  }
  return response.complete ? Buffer.concat(pieces) : 'not-fetched'
}
