import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { operator } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { messagesOnPlatform } from '@space-assistant/core/delivery/shown'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type { Acknowledgements } from './acknowledgement'
import type { Announcements } from './announcements'
import { attachmentWords } from './attachments'
import type { TargetReceipt } from './delivery'
import type { AnnouncementDraft, Drafts } from './drafts'
import { letterhead } from './preview'
import type { AnnouncementProposal, Proposals } from './proposals'
import { platformText, reasonText, timeText } from './receipt'
import type { AnnouncementStore } from './store'

export type AnnouncementSteering = Pick<
  Announcements,
  'list' | 'progress' | 'pause' | 'resume' | 'cancel' | 'resend' | 'arrived' | 'recallable' | 'recall'
>
export type AnnouncementAnswers = Pick<Acknowledgements, 'standing' | 'remind' | 'confirm'>

/** How one platform shows a draft, and in how many of its groups. */
export interface PlatformPreview {
  platform: string
  /** As people call it. */
  name: string
  groups: number
  /** The messages that it takes. */
  messages: string[]
}

/** A draft with whom it reaches: `targets` is the exact audience. */
export interface AnnouncementPreview extends AnnouncementDraft {
  text: string
  platforms: PlatformPreview[]
}

/** Whose draft it is: a chat account, on the page the one that somebody is signed in with. */
export interface AnnouncementWriter {
  platform: string
  selfId: string
  userId: string
  name?: string
}

export interface AnnouncementParts {
  announcements: Announcements
  drafts: Drafts
  acknowledgements: Acknowledgements
  proposals: Proposals
  store: AnnouncementStore
  say: Translate
}

const LONGEST = 4000

/**
 * `ctx.announcements`: what the chat and the page do with announcements. Every verb asks whether the viewer may, and is
 * refused with the codes of `space-announcements.refusal` and of the access rules.
 */
export class AnnouncementService {
  /** From the confirmation on: receipts, pause, resume, cancel, resend, recall. */
  readonly sent: AnnouncementSteering
  /** Which schools have answered. */
  readonly answers: AnnouncementAnswers

  constructor(
    private readonly ctx: Context,
    private readonly parts: AnnouncementParts,
  ) {
    this.sent = parts.announcements
    this.answers = parts.acknowledgements
  }

  /** What other plugins ask of announcements: a text that staff confirm, send and follow as any other. */
  propose(proposal: AnnouncementProposal): Promise<void> {
    return this.parts.proposals.proposeText(proposal)
  }

  /** Cancels what was proposed, or made of it and not sent yet, when it is not true any more. */
  async withdraw(origin: string): Promise<void> {
    const { announcements, store } = this.parts
    const row = await store.byOrigin(origin)
    if (row) await announcements.cancel(operator, row.id)
  }

  /** Puts a text in the place of the writer's draft; `asks`: schools are asked to say that they have read it. */
  async write(
    viewer: Viewer,
    who: AnnouncementWriter,
    { text, asks }: { text: string; asks: boolean },
  ): Promise<Outcome<AnnouncementPreview>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    if (!text.trim()) return refused('no-text')
    if (text.length > LONGEST) return refused('too-long', { most: LONGEST })
    const words = asks ? `${text.trim()}\n${this.parts.say('acknowledge.ask')}` : text.trim()
    const { drafts } = this.parts
    const draft = await drafts.write(viewer, {
      ...{
        owner: ownerKey(who),
        author: this.nameOf(viewer, who),
        content: h.escape(words),
        asks: Number(asks),
      },
    })
    return this.previewOf(draft)
  }

  /** The writer's draft as every platform would show it now, and to whom it would go. */
  async preview(viewer: Viewer, who: AnnouncementWriter): Promise<Outcome<AnnouncementPreview>> {
    return this.previewOf(await this.parts.drafts.current(viewer, ownerKey(who)))
  }

  /** Changes the audience, in the words of the chat, or when the writer's draft is sent. */
  async revise(
    viewer: Viewer,
    who: AnnouncementWriter,
    changes: { audience?: string; due?: Date | 'at-once' | 'when-confirmed' },
  ): Promise<Outcome<AnnouncementPreview>> {
    const { due } = changes
    if (due instanceof Date && due <= new Date()) return refused('past', { time: timeText(due) })
    return this.previewOf(await this.parts.drafts.revise(viewer, ownerKey(who), changes))
  }

  /** Takes a proposal as the writer's own draft. */
  async adopt(viewer: Viewer, who: AnnouncementWriter, id: number): Promise<Outcome<AnnouncementPreview>> {
    const by = { owner: ownerKey(who), author: this.nameOf(viewer, who) }
    return this.previewOf(await this.parts.drafts.adopt(viewer, id, by))
  }

  drop(viewer: Viewer, who: AnnouncementWriter): Promise<Outcome<number>> {
    return this.parts.drafts.drop(viewer, ownerKey(who))
  }

  /** Sends exactly what was previewed; `changed`: the groups are others than those, and nothing was sent. */
  async confirm(
    viewer: Viewer,
    who: AnnouncementWriter,
    id: number,
  ): Promise<Outcome<AnnouncementDraft & { changed: boolean }>> {
    const outcome = await this.parts.drafts.confirm(viewer, ownerKey(who), id)
    if (outcome.ok && !outcome.value.changed) await this.parts.announcements.dispatch()
    return outcome
  }

  /** What became of one group of an announcement, in words, and what happens or is to be done next. */
  describe(id: number, receipt: TargetReceipt): string {
    return reasonText(this.parts.say, id, receipt)
  }

  private previewOf(draft: Outcome<AnnouncementDraft>): Outcome<AnnouncementPreview> {
    if (!draft.ok) return draft
    const { say } = this.parts
    const { row, targets } = draft.value
    const text = attachmentWords(letterhead(say, row.content))
    const counts = new Map<string, number>()
    for (const { ref } of targets) counts.set(ref.platform, (counts.get(ref.platform) ?? 0) + 1)
    const platforms = [...counts].map(([platform, groups]) => ({
      ...{ platform, name: platformText(say, platform), groups },
      messages: messagesOnPlatform(platform, text),
    }))
    return done({ ...draft.value, text: attachmentWords(row.content), platforms })
  }

  private nameOf({ account }: Viewer, { name, platform }: AnnouncementWriter): string {
    const member = account === undefined ? undefined : this.ctx.roster.member(account)
    return member?.name ?? (name || platform)
  }
}

const ownerKey = ({ platform, selfId, userId }: AnnouncementWriter) => `${platform}:${selfId}:${userId}`
