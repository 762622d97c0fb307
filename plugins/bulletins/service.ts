import { done } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Picture } from '@space-assistant/core/pictures/shape'
import type { Context } from 'koishi'
import type { Bulletins } from './bulletins'
import type { BulletinAuthor } from './heads'
import type { BulletinFile, BulletinFiles } from './files'
import { bulletinAuthorOf } from './heads'
import type { Publishing } from './publishing'
import type { BulletinWindows } from './window'

export const bulletinForms = ['picture', 'document', 'table'] as const
export type BulletinForm = (typeof bulletinForms)[number]

export interface BulletinParts {
  bulletins: Bulletins
  publishing: Publishing
  files: BulletinFiles
  windows: BulletinWindows
}

type WorkVerb = 'draft' | 'edit' | 'set' | 'refresh' | 'submit' | 'sendBack' | 'approve' | 'schedule' | 'drop'
export type BulletinWork = Pick<Bulletins, WorkVerb | 'list' | 'show' | 'look' | 'compare' | 'correct'>
export type BulletinPublishing = Pick<Publishing, 'preview' | 'publish' | 'progress' | 'resend'>

/**
 * `ctx.bulletins`: what the chat and the page do with bulletins. Every verb asks whether the viewer may, and is refused
 * with the codes of `space-bulletins.refusal` and of the access rules.
 */
export class BulletinService {
  /** Until they are published: list, look, draft, edit, submit, approve, schedule, correct. */
  readonly work: BulletinWork
  /** From their approval on: preview with the groups, publish, receipts. */
  readonly publishing: BulletinPublishing
  /** Reads a window as people write it. */
  readonly windows: Pick<BulletinWindows, 'read'>
  private readonly files: BulletinFiles

  constructor(
    private readonly ctx: Context,
    { bulletins, publishing, files, windows }: BulletinParts,
  ) {
    this.work = bulletins
    this.publishing = publishing
    this.files = files
    this.windows = windows
  }

  /** Somebody as bulletins know people: the same on the page and in a chat. */
  author(viewer: Viewer, who: { platform: string; userId: string; name?: string }): BulletinAuthor {
    return bulletinAuthorOf(this.ctx, viewer, who)
  }

  /** A bulletin as one of its files, for whoever may see it. */
  async file(viewer: Viewer, id: number, form: BulletinForm): Promise<Outcome<BulletinFile>> {
    const found = await this.work.show(viewer, id)
    if (!found.ok) return found
    const bulletin = found.value
    switch (form) {
      case 'document':
        return this.files.document(bulletin)
      case 'table':
        return done(await this.files.table(bulletin))
      case 'picture':
        return done(await this.files.painted(bulletin))
    }
  }

  /** What its picture shows, for whoever draws it otherwise. */
  async picture(viewer: Viewer, id: number): Promise<Outcome<Picture>> {
    const found = await this.work.show(viewer, id)
    return found.ok ? done(this.files.picture(found.value)) : found
  }

  /** What a group would read beside picture and file: at most three hundred characters. */
  async caption(viewer: Viewer, id: number): Promise<Outcome<string>> {
    const found = await this.work.show(viewer, id)
    return found.ok ? done(this.files.caption(found.value)) : found
  }
}
