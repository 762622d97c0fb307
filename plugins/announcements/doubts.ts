import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type { Announcements } from './announcements'
import type { UnsettledTargets } from './delivery'
import { progressText } from './receipt'
import { explainAnnouncementRefusal, sayIn } from './replies'

const WAIT_MS = 10 * 60_000
const NAMED_GROUPS = 40

/** Who asks about an announcement, and of which of its groups. */
export interface DoubtRequest {
  say: Translate
  viewer: Viewer
  id: number
  names: string | undefined
}

/** What staff say of groups of which nobody knows whether they got an announcement: asked first, undone for a minute. */
export class DeliveryDoubts {
  constructor(
    private readonly ctx: Context,
    private readonly announcements: Announcements,
  ) {}

  async ask(
    session: Session,
    what: UnsettledTargets['what'],
    { say, viewer, id, names }: DoubtRequest,
  ): Promise<string> {
    const outcome = await this.announcements.unsettled(viewer, id, { what, names })
    if (!outcome.ok) return explainAnnouncementRefusal(say, outcome)
    const { receipts } = outcome.value
    if (!receipts.length) return say(`doubt.none-${what}`, { id })
    const number = this.question(session, say, outcome.value)
    const half = receipts.filter((receipt) => receipt.half > 0).length
    const failed = receipts.filter(({ state }) => state === 'failed').length
    const labels = receipts.slice(0, NAMED_GROUPS).map(({ target }) => target.label)
    const more = receipts.length > labels.length ? say('doubt.more', { count: receipts.length }) : ''
    return [
      say(`doubt.${what}`, { id, count: receipts.length }),
      labels.join(say('and')) + more,
      what === 'resend' && failed ? say('doubt.failed', { count: failed }) : '',
      what === 'resend' && half ? say('doubt.half', { count: half }) : '',
      say(`doubt.${what}-how-to`, { id, number }),
    ]
      .filter(Boolean)
      .join('\n')
  }

  /** Takes back what was said within the last minute. */
  async undo({ say, viewer, id }: DoubtRequest): Promise<string> {
    const outcome = await this.announcements.undo(viewer, id)
    if (!outcome.ok) return explainAnnouncementRefusal(say, outcome)
    return say(outcome.value ? 'doubt.undone' : 'doubt.too-late', { id, count: outcome.value })
  }

  private question(session: Session, say: Translate, targets: UnsettledTargets): number {
    const { id, what } = targets
    return this.ctx.conversation.ask(session, {
      about: 'announcement',
      form: 'act',
      label: say(`question.${what}`, { id }),
      number: id,
      ms: WAIT_MS,
      expired: say(`question.${what}-expired`, { id }),
      answer: async (next, answer) => h.text(await this.settle(next, targets, answer.kind === 'yes')),
    })
  }

  private async settle(session: Session, targets: UnsettledTargets, yes: boolean): Promise<string> {
    const say = sayIn(session)
    if (!yes) return say('doubt.left')
    const viewer = await this.ctx.access.viewer(session)
    const outcome = await this.announcements.settle(viewer, targets)
    if (!outcome.ok) return explainAnnouncementRefusal(say, outcome)
    const { id, what } = targets
    const done = say(`doubt.${what}-done`, { id, count: outcome.value })
    if (what === 'resend') return done
    const delivery = await this.announcements.progress(viewer, id)
    return delivery.ok ? `${done}\n${progressText(say, delivery.value)}` : done
  }
}
