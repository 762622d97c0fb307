import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { isStaff } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { dayOf, formatDay, mondayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import { isOccasionOpen } from '@space-assistant/core/nudges/occasion'
import type { NudgeTimes } from '@space-assistant/core/nudges/occasion'
import type { NudgeSettings } from '@space-assistant/core/nudges/settings'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'
import type { ReminderHolds } from './holds'
import type { Planner } from './planner'
import { previewDay } from './preview'
import type { DayPreview } from './preview'
import type { Renderer } from './render'
import { memberKey } from './settings'
import type { Settings } from './settings'

/** A week of reminders, Monday to Sunday; days on which nothing is due are left out. */
export interface WeekPreview {
  from: Day
  to: Day
  held: boolean
  days: DayPreview[]
}

/** What has come of holding a week or letting it go on: `late` when something of it is not made up for. */
export interface HeldWeek {
  from: Day
  to: Day
  changed: boolean
  late: boolean
}

interface ReminderParts {
  planner: Planner
  renderer: Renderer
  settings: Settings
  holds: ReminderHolds
  times: NudgeTimes
  /** Words of previews where nobody's language is known. */
  say: Translate
}

/** `ctx.reminders`: what staff look at and hold, and what each person has set. Every verb asks whether the viewer may. */
export class Reminders {
  constructor(
    private readonly ctx: Context,
    private readonly parts: ReminderParts,
  ) {}

  get times(): NudgeTimes {
    return this.parts.times
  }

  /** What a day would bring, and to whom. */
  async previewDay(viewer: Viewer, day: Day, say = this.parts.say): Promise<Outcome<DayPreview>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    return done(await this.preview(viewer, { day, held: await this.isHeld(day), say }))
  }

  /** The same of the whole week in which a day lies. */
  async previewWeek(viewer: Viewer, day: Day, say = this.parts.say): Promise<Outcome<WeekPreview>> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const from = mondayOf(day)
    const held = await this.isHeld(day)
    const days: DayPreview[] = []
    for (let each = from; each < from + 7; each++) {
      if (this.parts.planner.on(each).length) days.push(await this.preview(viewer, { day: each, held, say }))
    }
    return done({ from, to: from + 6, held, days })
  }

  /** Nobody is reminded of anything in the week of a day; what is planned and has not left does not leave. */
  async hold(viewer: Viewer, day: Day, { by, now }: { by: string; now: Date }): Promise<Outcome<HeldWeek>> {
    const checked = this.checkWeek(viewer, day, now)
    if (!checked.ok) return checked
    const week = checked.value
    const changed = !(await this.isHeld(day))
    if (changed) {
      await this.parts.holds.set(day, { by, at: now })
      this.ctx.logger('space-reminders').info('the week of %s is held', formatDay(week.from))
    }
    await this.orderPlanned(week.from, true)
    return done({ ...week, changed, late: false })
  }

  /** The week of a day goes on; what is still open today is said, what is over is not. */
  async lift(viewer: Viewer, day: Day, { now }: { now: Date }): Promise<Outcome<HeldWeek>> {
    const checked = this.checkWeek(viewer, day, now)
    if (!checked.ok) return checked
    const week = checked.value
    const changed = await this.isHeld(day)
    await this.parts.holds.lift(day)
    await this.orderPlanned(week.from, false)
    const before = Array.from({ length: 7 }, (_, index) => week.from + index)
    const late = before.some((each) =>
      this.parts.planner.on(each).some((occasion) => occasion.due <= now && !isOccasionOpen(occasion, now)),
    )
    if (changed) this.ctx.logger('space-reminders').info('the week of %s goes on', formatDay(week.from))
    return done({ ...week, changed, late: changed && late })
  }

  isHeld(day: Day): Promise<boolean> {
    return this.parts.holds.find(day).then(Boolean)
  }

  /** What the viewer wants to be told. */
  async settings({ account }: Viewer): Promise<Outcome<NudgeSettings>> {
    if (account === undefined) return refused('not-bound')
    return done(await this.parts.settings.of(memberKey(account)))
  }

  async change({ account }: Viewer, settings: NudgeSettings): Promise<Outcome<NudgeSettings>> {
    if (account === undefined) return refused('not-bound')
    await this.parts.settings.set(memberKey(account), settings)
    return done(settings)
  }

  private checkWeek(viewer: Viewer, day: Day, now: Date): Outcome<{ from: Day; to: Day }> {
    const may = this.ctx.access.check(viewer, { kind: 'announce' })
    if (!may.ok) return may
    const week = { from: mondayOf(day), to: mondayOf(day) + 6 }
    if (week.to >= dayOf(now)) return done(week)
    return refused('week-over', { from: formatDay(week.from), to: formatDay(week.to) })
  }

  private async orderPlanned(monday: Day, stopped: boolean): Promise<void> {
    for (let day = monday; day < monday + 7; day++) await this.parts.planner.stop(day, stopped)
  }

  private preview(
    viewer: Viewer,
    { day, held, say }: { day: Day; held: boolean; say: Translate },
  ): Promise<DayPreview> {
    const { planner, renderer } = this.parts
    const open = isStaff(viewer) && viewer.place.kind === 'private'
    return previewDay({ ctx: this.ctx, planner, renderer, say, open }, { day, held })
  }
}
