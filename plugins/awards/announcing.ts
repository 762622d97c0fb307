import { instantOf, dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { judgeReminderOn } from '@space-assistant/core/awards/judge-reminder'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-announcements'
import type {} from 'koishi-plugin-space-outbox'
import type { AwardFrame } from './frame'
import { isSheetOpen } from './judging'
import { judgeChats } from './panel'
import { awardOutcomes } from './table'
import type { AwardObjectionRow, AwardRoundRow } from './table'

const NAMES_IN_ANNOUNCEMENT = 200
/** A proposal that nobody has taken after a week is old. */
const PROPOSAL_DAYS = 7
/** Local hours between which judges are reminded. */
const REMINDED = { from: 9 * 60, until: 20 * 60 } as const

/** What the awards say without being asked: proposals to staff, answers to objectors, reminders to judges. */
export class AwardMessages {
  constructor(
    private readonly ctx: Context,
    private readonly frame: AwardFrame,
    private readonly say: Translate,
  ) {}

  /**
   * What a step of the round brings with it: the announcement of a publicity period or of the result, which staff
   * confirm and send. One that was prepared and is not true any more is withdrawn.
   */
  async follow(before: AwardRoundRow, round: AwardRoundRow): Promise<void> {
    const announcements = this.ctx.get('announcements')
    if (!announcements) return
    if ((before.publicAt && before.publicAt !== round.publicAt) || !round.publicTo) {
      for (const kind of ['publicity', 'result'] as const)
        await announcements.withdraw(originOf(kind, before))
    }
    if (round.state !== 'publicity' && round.state !== 'commended') return
    const kind = round.state === 'publicity' ? 'publicity' : 'result'
    const text = await this.announcementText(kind, round)
    await announcements.propose({
      ...{ origin: originOf(kind, round), text },
      ask: (id) => this.say('proposal', { id, text }),
      expiresAt: instantOf(dayOf(new Date()) + PROPOSAL_DAYS),
    })
  }

  /** The text of a publicity announcement or of the result, with every winner by award. */
  async announcementText(
    kind: 'publicity' | 'result',
    round: Pick<AwardRoundRow, 'publicFrom' | 'publicTo'>,
  ): Promise<string> {
    const { name } = this.ctx.schemes.active
    const winners = await this.frame.store.rows(
      'space_award_result',
      'AND selected = 1 ORDER BY award, place, code',
    )
    const lists = this.frame.awards.flatMap((award) => {
      const own = winners.filter((row) => row.award === award.name && row.selected === awardOutcomes.in)
      if (!own.length) return []
      const names = own.slice(0, NAMES_IN_ANNOUNCEMENT).map((row) => {
        return award.subject === 'school'
          ? row.name
          : this.say('board.person', { name: row.name, school: row.schoolName })
      })
      return [
        this.say('announce-list', {
          award: award.name,
          count: own.length,
          names: names.join(this.say('and')),
        }),
      ]
    })
    const period = { from: formatDay(round.publicFrom), to: formatDay(round.publicTo) }
    return [
      this.say(`announce-${kind}`, { scheme: name, ...period }),
      ...lists,
      this.say(`announce-${kind}-foot`, period),
    ].join('\n')
  }

  async tellStaffOfObjection({ scheme, id }: AwardObjectionRow): Promise<void> {
    const content = h.escape(this.say('objection-received', { id }))
    const staff = await this.ctx.access.staffChats()
    await this.ctx.outbox.enqueue(
      staff.map((target, index) => ({
        key: `award-objection/${scheme}/${id}/${index}`,
        target,
        kind: 'award',
        content,
      })),
    )
  }

  /** What has become of an objection goes to where it was made. */
  async tellObjector({
    scheme,
    id,
    state,
    answer,
    platform,
    selfId,
    channelId,
  }: AwardObjectionRow): Promise<void> {
    if (!channelId) return
    const content = h.escape(this.say(`objector.${state}`, { id, answer }))
    await this.ctx.outbox.enqueue({
      ...{ key: `award-objector/${scheme}/${id}/${state}`, target: { platform, selfId, channelId } },
      ...{ kind: 'award', content },
    })
  }

  /** Reminds judges with open sheets, and nobody else, on the days that the rules name; each day once. */
  async remindJudges(now: Date): Promise<number> {
    const day = dayOf(now)
    if (now < instantOf(day, REMINDED.from) || now >= instantOf(day, REMINDED.until)) return 0
    const round = await this.frame.store.round()
    const phase = this.ctx.schemes.active.phases.find(({ goals }) => goals?.includes('scores'))
    const kind = phase && judgeReminderOn(day, phase.window)
    if (round.state !== 'judging' || !kind) return 0
    const [sheets, judges] = await Promise.all([
      this.frame.store.rows('space_award_sheet'),
      this.frame.store.rows('space_award_judge'),
    ])
    const chats = await judgeChats(this.ctx, judges)
    const messages = judges.flatMap(({ name }) => {
      const chat = chats.get(name)
      const open = sheets.filter((row) => row.judge === name && isSheetOpen(row)).length
      if (!chat || !open) return []
      const content = h.escape(this.say(`judge-reminder.${kind}`, { open, end: formatDay(phase.window.to) }))
      const target = { platform: chat.platform, selfId: chat.selfId, channelId: `private:${chat.userId}` }
      return [
        {
          key: `award-judge/${round.scheme}/${day}/${chat.platform}/${chat.userId}`,
          target,
          kind: 'award',
          content,
        },
      ]
    })
    return messages.length ? this.ctx.outbox.enqueue(messages) : 0
  }
}

function originOf(kind: 'publicity' | 'result', { scheme, publicAt }: AwardRoundRow): string {
  return `award-${kind}/${scheme}/${publicAt}`
}
