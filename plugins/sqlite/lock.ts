import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

interface Owner {
  pid: number
  host: string
  /** When the process started, in the kernel's own ticks: a recycled pid is another process. */
  started: string
  id: string
}

/** How often the file of a live owner is touched, and how old one of another host (a container) may be. */
const BEAT_MS = 5_000
const STALE_MS = 20_000
/** A plugin that is reloaded opens the file before its former self has closed it. */
const RELOAD_MS = 10_000

export class DatabaseInUseError extends Error {
  override name = 'DatabaseInUseError'
  readonly code = 'database-in-use'

  constructor(
    readonly params: { path: string; pid: number; host: string },
    text?: string,
  ) {
    super(
      text ?? `${params.path} is in use by process ${params.pid} on ${params.host}; stop it, or talk to it.`,
    )
  }
}

/** The file `PATH.pid` that says which process owns a database; taken over when that process is no more. */
export class OwnerFile {
  readonly #file: string
  readonly #owner: Owner = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    id: randomUUID(),
  }
  #beat: NodeJS.Timeout | undefined

  constructor(readonly path: string) {
    this.#file = `${path}.pid`
  }

  async acquire(): Promise<void> {
    const deadline = Date.now() + RELOAD_MS
    let firstBeat: number | undefined
    while (!this.#tryAcquire()) {
      const owner = this.#read()
      const beat = this.#lastBeat()
      if (!owner || beat === undefined) continue
      const { pid, host } = owner
      const elsewhere = host !== this.#owner.host
      firstBeat ??= beat
      // Of another host only its beat tells whether it lives: the next one, or none until the last is stale.
      const refused = elsewhere ? beat !== firstBeat : pid !== process.pid || Date.now() > deadline
      if (refused) throw new DatabaseInUseError({ path: this.path, pid, host })
      await sleep(elsewhere ? 500 : 50)
    }
    held.add(this.#owner.id)
    this.#beat = setInterval(() => this.#touch(), BEAT_MS)
    this.#beat.unref()
  }

  release(): void {
    clearInterval(this.#beat)
    if (!held.delete(this.#owner.id)) return
    if (this.#read()?.id === this.#owner.id) rmSync(this.#file, { force: true })
  }

  /** A link appears whole or not at all, so nobody ever reads half an owner. */
  #tryAcquire(): boolean {
    const draft = `${this.#file}.${this.#owner.id}`
    writeFileSync(draft, JSON.stringify(this.#owner))
    try {
      const found = this.#read()
      if (found) {
        if (this.#lives(found)) return false
        this.#discard(found, `${draft}.stale`)
      }
      linkSync(draft, this.#file)
      return true
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false
      throw error
    } finally {
      rmSync(draft, { force: true })
    }
  }

  /** Two starters may both find the same dead owner: whoever moved away somebody else's new file puts it back. */
  #discard(dead: Owner, aside: string): void {
    try {
      renameSync(this.#file, aside)
      const moved = parse(readFileSync(aside, 'utf8'))
      if (moved && moved.id !== dead.id) linkSync(aside, this.#file)
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error
    } finally {
      rmSync(aside, { force: true })
    }
  }

  #lives(owner: Owner): boolean {
    if (owner.pid <= 0) return false
    if (owner.host !== this.#owner.host) return Date.now() - (this.#lastBeat() ?? 0) < STALE_MS
    if (owner.pid === process.pid) return held.has(owner.id)
    try {
      process.kill(owner.pid, 0)
    } catch (error) {
      if (!isCode(error, 'EPERM')) return false
    }
    return owner.started === startOf(owner.pid)
  }

  #lastBeat(): number | undefined {
    return statSync(this.#file, { throwIfNoEntry: false })?.mtimeMs
  }

  #touch(): void {
    try {
      utimesSync(this.#file, new Date(), new Date())
    } catch {
      // Somebody removed the file by hand; the engine's own lock still stands.
    }
  }

  #read(): Owner | undefined {
    try {
      return parse(readFileSync(this.#file, 'utf8'))
    } catch (error) {
      if (isCode(error, 'ENOENT')) return
      throw error
    }
  }
}

/** Owners alive in this process; shared by all copies of this module that bundlers and loaders may make. */
const key = Symbol.for('space-assistant.sqlite.owners')
const globals = globalThis as { [key]?: Set<string> }
const held = (globals[key] ??= new Set<string>())

function parse(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner>
    const { pid, host = '', started = '', id = '' } = owner
    return typeof pid === 'number'
      ? { pid, host, started, id }
      : { pid: 0, host: hostname(), started: '?', id: text }
  } catch {
    // Not written by this program, or cut off by a power loss: nobody lives behind it.
    return { pid: 0, host: hostname(), started: '?', id: text }
  }
}

/** Field 22 of /proc/PID/stat; empty where there is no such file, so that only the pid counts. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code
}
