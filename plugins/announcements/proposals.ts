import { createHash } from 'node:crypto'
import { operator } from '@space-assistant/core/access/viewer'
import { momentsOn } from '@space-assistant/core/phases/phase'
import type { PhaseMoment } from '@space-assistant/core/phases/phase'
import { dayOf, instantOf } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-materials'
import type {} from 'koishi-plugin-space-schemes'
import type { Translate } from '@space-assistant/core/text/translate'
import type { AnnouncementStore } from './store'

/** Local minutes between which staff are asked. */
export interface ProposalTimes {
  from: number
  until: number
}

/** Of one phase that are named in its announcement; the list has all. */
const MATERIALS = 8

/** A text that staff may take as an announcement. */
export interface AnnouncementProposal {
  /** What it comes from, once each. */
  origin: string
  text: string
  /** The question to staff, which names the proposal's number. */
  ask: (id: number) => string
  expiresAt: Date
}

/** Texts of the scheme for the first and the last day of a phase, proposed to staff when the day has come. */
export class Proposals {
  private readonly known = new Set<string>()

  constructor(
    private readonly ctx: Context,
    private readonly store: AnnouncementStore,
    private readonly options: { say: Translate; times: ProposalTimes },
  ) {}

  async tick(now = new Date()): Promise<void> {
    const day = dayOf(now)
    const { from, until } = this.options.times
    if (now < instantOf(day, from) || now >= instantOf(day, until)) return
    for (const moment of momentsOn(this.ctx.schemes.active, day)) {
      const text = textOf(moment)
      if (text === undefined || this.known.has(moment.key)) continue
      const whole = moment.kind === 'start' ? text + (await this.materialsOf(moment)) : text
      await this.propose(moment, whole, instantOf(day, until))
      this.known.add(moment.key)
    }
  }

  /** The materials of a phase that begins, and how they are got, as a line of its own. */
  private async materialsOf({ phase }: PhaseMoment): Promise<string> {
    const found = await this.ctx.get('materials')?.ofPhase(operator, phase.name)
    if (!found?.ok || !found.value.length) return ''
    const { say } = this.options
    const named = found.value
      .slice(0, MATERIALS)
      .map(({ id, title }) => say('proposal.material', { id, title }))
    return `\n${say('proposal.materials', { materials: named.join(say('proposal.and')) })}`
  }

  private propose(moment: PhaseMoment, text: string, expiresAt: Date): Promise<void> {
    return this.proposeText({
      ...{ origin: `phase/${moment.key}`, text, expiresAt },
      ask: (id) => this.options.say(`proposal.${moment.kind}`, { id, phase: moment.phase.name, text }),
    })
  }

  /**
   * Asks staff whether a text should go out as an announcement. Once for each origin, whatever runs how often: the
   * origin is unique, and so is the message's key.
   */
  async proposeText(proposal: AnnouncementProposal): Promise<void> {
    const { text, expiresAt, ask } = proposal
    const origin = proposal.origin.slice(0, 190)
    await this.ctx.database.withTransaction(async () => {
      if (await this.store.byOrigin(origin)) return
      const content = h.escape(text)
      const draft = { origin, owner: '', author: '', state: 'proposed', content } as const
      const { id } = await this.store.create(draft, Date.now())
      const staff = await this.ctx.access.staffChats()
      const said = ask(id)
      await this.ctx.outbox.enqueue(
        staff.map((target, index) => ({
          key: `proposal/${createHash('sha256').update(origin).digest('hex').slice(0, 40)}/${index}`,
          ...{ target, kind: 'proposal', content: h.escape(said), expiresAt },
        })),
      )
    })
  }
}

function textOf(moment: PhaseMoment): string | undefined {
  if (moment.kind === 'start') return moment.phase.opening
  return moment.daysLeft === 0 ? moment.phase.closing : undefined
}
