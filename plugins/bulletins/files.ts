import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { done } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { bulletinCaption, bulletinConcerns } from '@space-assistant/core/bulletins/caption'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { bulletinTable, bulletinValues } from '@space-assistant/core/documents/bulletin'
import { bulletinPicture } from '@space-assistant/core/pictures/bulletin'
import type { Picture } from '@space-assistant/core/pictures/shape'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-documents'
import type {} from 'koishi-plugin-space-pictures'
import type { Bulletin } from './store'

export interface BulletinFile {
  title: string
  bytes: Uint8Array
}

/** A bulletin in all its forms, every one made from the same facts. */
export class BulletinFiles {
  constructor(
    private readonly ctx: Context,
    private readonly options: { dir: string; say: Translate },
  ) {}

  /** What a group reads beside picture and file. */
  caption({ head, facts }: Bulletin): string {
    const { say } = this.options
    const title = head.corrects
      ? say('correction-head', { id: head.corrects, reason: head.reason })
      : head.title
    return bulletinCaption(facts, { title, say: this.draftText })
  }

  picture({ head, facts }: Bulletin): Picture {
    const { say } = this.options
    const { window, dataUntil, schemeName, version } = facts.stamp
    const label = (key: string) => say(`picture.${key}`)
    return bulletinPicture(facts, {
      title: head.title,
      subtitle: say('picture.subtitle', { from: formatDay(window.from), to: formatDay(window.to) }),
      footer: [
        say('picture.data', { until: formatDay(dataUntil) }),
        say('picture.rules', { scheme: schemeName, version }),
        say('picture.number', { id: head.id }),
      ],
      tiles: {
        ...{ schools: label('schools'), mean: label('mean'), points: label('points') },
        ...{ activity: label('activity'), activation: label('activation') },
      },
      columns: {
        ...{ rank: label('rank'), name: label('school'), score: label('score') },
        change: facts.since === null ? '' : say('picture.change', { day: formatDay(facts.since).slice(5) }),
      },
      first: label('first'),
      notes: bulletinConcerns(facts, this.draftText),
    })
  }

  async document({ head, sections, facts }: Bulletin): Promise<Outcome<BulletinFile>> {
    const values = bulletinValues(facts, {
      ...{ title: head.title, number: head.docnumber, recipients: head.recipients, issuer: head.issuer },
      sections: sections.map(({ part, content }) => ({ key: part, text: content })),
      ...{ date: dayOf(new Date(head.publishedAt || Date.now())), say: this.options.say },
    })
    const filled = await this.ctx.documents.fill('bulletin', values)
    return filled.ok ? done({ title: `${this.nameOf(head.title)}.docx`, bytes: filled.value }) : filled
  }

  async table({ head, facts }: Bulletin): Promise<BulletinFile> {
    const { say } = this.options
    const bytes = await this.ctx.documents.tables([bulletinTable(facts, { title: head.title, say })])
    return { title: `${this.nameOf(say('table.file', { title: head.title }))}.xlsx`, bytes }
  }

  /** Its picture as a file; rejects when it cannot be painted. */
  async painted(bulletin: Bulletin): Promise<BulletinFile> {
    const bytes = await this.ctx.pictures.paint(this.picture(bulletin))
    const ending = bytes[0] === 0x89 ? 'png' : 'jpg'
    return { title: `${this.nameOf(bulletin.head.title)}.${ending}`, bytes }
  }

  /** Picture, text and Word file as one message; the files lie on the disk, since it may be sent days later. */
  async message(bulletin: Bulletin): Promise<Outcome<string>> {
    const document = await this.document(bulletin)
    if (!document.ok) return document
    const picture = await this.ctx.pictures.paint(this.picture(bulletin)).catch(() => undefined)
    const ending = picture?.[0] === 0x89 ? 'png' : 'jpg'
    const image = picture && h('img', { src: await this.keep(bulletin.head.id, picture, ending) })
    const file = h('file', {
      src: await this.keep(bulletin.head.id, document.value.bytes, 'docx'),
      title: document.value.title,
    })
    return done(`${image?.toString() ?? ''}${h.escape(this.caption(bulletin))}${file.toString()}`)
  }

  /** Written beside and then moved: a file of that name is whole. */
  private async keep(id: number, bytes: Uint8Array, ending: string): Promise<string> {
    const folder = join(resolve(this.ctx.baseDir, this.options.dir), String(id))
    const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${ending}`
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${name}.part`), bytes)
    await rename(join(folder, `${name}.part`), join(folder, name))
    return pathToFileURL(join(folder, name)).href
  }

  private readonly draftText: Translate = (key, params) => this.options.say(`draft.${key}`, params)

  /** A name that every system takes. */
  private nameOf(title: string): string {
    return Array.from(title.replace(/[\\/:*?"<>|\s]+/g, ' ').trim())
      .slice(0, 60)
      .join('')
  }
}
