import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { dayOf } from '@space-assistant/core/calendar/day'
import { typeOf } from '@space-assistant/core/formats/media'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-schemes'
import type { MaterialRow } from './table'

export interface NewMaterial {
  title: string
  /** Of the file as it came; stands in when no title is given. */
  name: string
  bytes: Uint8Array
  by: string
}

/** Bytes of one file, and how many are kept. */
export const MATERIAL_MB = 20
const MOST = 200
/** Of a phase's name, as it is stored. */
const PHASE_LENGTH = 60

/** `ctx.materials`: files that staff give to everybody who takes part. */
export class Materials {
  constructor(
    private readonly ctx: Context,
    private readonly dir: string,
  ) {}

  /** Keeps a file: pictures, PDF, short films, Word and Excel, by what is in it and not by its name. */
  async add(viewer: Viewer, { title, name, bytes, by }: NewMaterial): Promise<Outcome<MaterialRow>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    if (bytes.length > MATERIAL_MB * 2 ** 20) return refused('too-big', { limit: MATERIAL_MB })
    const media = typeOf(bytes)
    if (!media) return refused('no-type')
    if ((await this.rows()).length >= MOST) return refused('too-many', { most: MOST })
    const named = (title || name.replace(/\.\w{1,8}$/, '')).replace(/\s+/g, ' ').trim()
    if (!named) return refused('no-title')
    const file = `${createHash('sha256').update(bytes).digest('hex').slice(0, 40)}.${media.ending}`
    const folder = resolve(this.ctx.baseDir, this.dir)
    await mkdir(folder, { recursive: true })
    // Written beside and then moved: a file of that name is whole.
    await writeFile(join(folder, `${file}.part`), bytes)
    await rename(join(folder, `${file}.part`), join(folder, file))
    return done(
      await this.ctx.database.create('space_material', {
        ...{ title: Array.from(named).slice(0, 60).join(''), phase: this.phaseOf(named) },
        ...{ file, ending: media.ending, bytes: bytes.length, by: by.slice(0, 64), at: new Date() },
      }),
    )
  }

  /** The newest first, for everybody who takes part. */
  async list(viewer: Viewer): Promise<Outcome<MaterialRow[]>> {
    const may = this.ctx.access.check(viewer, { kind: 'school-standing', scope: { kind: 'district' } })
    return may.ok ? done(await this.rows()) : may
  }

  /** One file by its number or a part of its title. */
  async get(viewer: Viewer, which: string): Promise<Outcome<{ row: MaterialRow; bytes: Uint8Array }>> {
    const rows = await this.list(viewer)
    if (!rows.ok) return rows
    const wanted = which.normalize('NFKC').trim().toLowerCase()
    const found = rows.value.filter(
      ({ id, title }) => String(id) === wanted || title.toLowerCase().includes(wanted),
    )
    const row = found.find(({ id }) => String(id) === wanted) ?? (found.length === 1 ? found[0] : undefined)
    if (!row) {
      const numbers = found.slice(0, 8).map(({ id }) => String(id))
      return found.length
        ? refused('several', { numbers: numbers.join(', ') })
        : refused('no-such', { given: which.slice(0, 20) })
    }
    const path = join(resolve(this.ctx.baseDir, this.dir), row.file)
    const bytes = await readFile(path).catch(() => undefined)
    return bytes ? done({ row, bytes }) : refused('lost', { id: row.id })
  }

  /** Takes a file off the list. */
  async remove(viewer: Viewer, id: number): Promise<Outcome<number>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const { removed } = await this.ctx.database.remove('space_material', { id })
    return removed ? done(id) : refused('no-such', { given: String(id) })
  }

  /** What belongs to a phase, in the order in which it was uploaded: for what is said when the phase begins. */
  async ofPhase(viewer: Viewer, phase: string): Promise<Outcome<MaterialRow[]>> {
    const rows = await this.list(viewer)
    if (!rows.ok) return rows
    return done(rows.value.filter((row) => row.phase === phase.slice(0, PHASE_LENGTH)).reverse())
  }

  /** The phase that a word of its title names, so that it can be uploaded ahead, or else that of today. */
  private phaseOf(title: string): string {
    const { phases } = this.ctx.schemes.active
    const today = dayOf(new Date())
    const words = title.split(' ')
    const phase =
      phases.find(({ name }) => words.includes(name)) ??
      phases.find(({ window }) => window.from <= today && today <= window.to)
    return (phase?.name ?? '').slice(0, PHASE_LENGTH)
  }

  private rows(): Promise<MaterialRow[]> {
    return this.ctx.database.get('space_material', {}, { sort: { id: 'desc' } })
  }
}
