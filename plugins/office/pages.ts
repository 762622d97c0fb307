import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { constants, brotliCompressSync, gzipSync } from 'node:zlib'
import type { HttpExchange } from './exchange'

interface PageFile {
  type: string
  etag: string
  plain: Buffer
  gzip: Buffer
  brotli: Buffer
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** Nothing but the page's own files, and nothing inline. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The built page, read and compressed once, when it is first asked for. */
export class PageFiles {
  private files: ReadonlyMap<string, PageFile> | undefined

  constructor(private readonly dir: string) {}

  /** Sends a file of the page; false when there is none of that name. */
  send(koa: HttpExchange, name: string): boolean {
    const file = (this.files ??= this.read()).get(name)
    if (!file) return false
    koa.set('content-security-policy', policy)
    koa.set('referrer-policy', 'no-referrer')
    koa.set('cross-origin-opener-policy', 'same-origin')
    koa.set('permissions-policy', 'camera=(), microphone=(), geolocation=()')
    koa.set('vary', 'accept-encoding')
    koa.set('content-type', file.type)
    // Names of files below assets/ change with what is in them.
    koa.set('cache-control', name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    koa.set('etag', file.etag)
    koa.status = 200
    if (koa.fresh) koa.status = 304
    else this.write(koa, file)
    return true
  }

  private write(koa: HttpExchange, file: PageFile): void {
    const accepted = koa.get('accept-encoding')
    const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
    if (encoding) koa.set('content-encoding', encoding)
    koa.body = encoding === 'br' ? file.brotli : encoding ? file.gzip : file.plain
  }

  private read(): ReadonlyMap<string, PageFile> {
    const files = new Map<string, PageFile>()
    for (const name of namesIn(this.dir)) {
      const plain = readFileSync(join(this.dir, name))
      const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
      const type = types[extname(name)] ?? 'application/octet-stream'
      const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
      files.set(name.replaceAll('\\', '/'), {
        type,
        etag,
        plain,
        gzip: gzipSync(plain, { level: 9 }),
        brotli,
      })
    }
    return files
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(dir, name)).isFile(),
    )
  } catch {
    // Not built: every address says so.
    return []
  }
}
