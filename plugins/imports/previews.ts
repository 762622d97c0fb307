import { randomInt } from 'node:crypto'
import { withoutPersonalNumbers } from '@space-assistant/core/text/personal-numbers'
import type { ImportPlan } from './change'
import type { ReadFile } from './read-file'

/** A file that was understood and waits for a yes. */
export interface WaitingPreview {
  id: string
  name: string
  sha256: string
  file: ReadFile
  plan: ImportPlan
  /** State of the data that the plan was made for. */
  version: number
  by: string
  until: number
}

/** Understood files in memory, until they are confirmed, given up or too old. */
export class Previews {
  private readonly waiting = new Map<string, WaitingPreview>()

  constructor(
    private readonly keepMs: number,
    private readonly keepBytes: number,
  ) {}

  add(file: Omit<WaitingPreview, 'id' | 'until'>, now: number): WaitingPreview {
    const entry = { ...file, id: this.freshId(), until: now + this.keepMs }
    this.waiting.set(entry.id, entry)
    this.sweep(now)
    return entry
  }

  get(id: string, now: number): WaitingPreview | undefined {
    this.sweep(now)
    return this.waiting.get(id.trim())
  }

  remove(id: string): void {
    this.waiting.delete(id)
  }

  clear(): void {
    this.waiting.clear()
  }

  /** Drops what is too old, and the oldest when all together hold too much. */
  private sweep(now: number): void {
    let bytes = 0
    for (const { file } of this.waiting.values()) bytes += sizeOf(file)
    const last = [...this.waiting.keys()].at(-1)
    for (const [id, { until, file }] of this.waiting) {
      if (until > now && (bytes <= this.keepBytes || id === last)) continue
      this.waiting.delete(id)
      bytes -= sizeOf(file)
    }
  }

  /** Short enough to type; whoever uses it is checked all the same. */
  private freshId(): string {
    for (;;) {
      const id = String(randomInt(1000, 10_000))
      if (!this.waiting.has(id)) return id
    }
  }
}

/** About the memory that a file takes: rows of records are packed, others are objects. */
function sizeOf(file: ReadFile): number {
  return file.kind === 'records' ? file.understood * 25 : file.rows.length * 400
}

/** The name of a file without its folder, what nobody can see, and the numbers of persons. */
export function baseName(name: string): string {
  const base = withoutPersonalNumbers(name.replace(/^.*[/\\]/, '').replace(/[\p{Cc}\p{Cf}]/gu, ''))
  return base.length > 100 ? `${base.slice(0, 60)}…${base.slice(-30)}` : base
}
