import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type { DayPreview, OccasionPreview } from 'koishi-plugin-space-reminders'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { worded } from '../visit'
import { answered, declined } from './answers'
import { nameOfAsker } from './asker'

type ReminderRoute = 'reminder-week' | 'reminder-hold' | 'reminder-settings' | 'reminder-set'
type Week = OfficeAnswer<'reminder-week'>

const textsOf = 'space-reminders'

/** Reminders by the rules of the chat: the same service decides who looks at a week and holds it. */
export function reminderRoutes(ctx: Context): RouteHandlers<ReminderRoute> {
  const { reminders } = ctx
  const refused = <T>(asker: OfficeAsker, outcome: RouteOutcome<T>) =>
    worded(ctx, asker, { outcome, from: `${textsOf}.refusal` })
  return {
    async 'reminder-week'(asker, { day }) {
      const wanted = parseDay(day)
      if (wanted === undefined) return declined('wrong-day')
      const say: Translate = (key, params = {}) =>
        h.unescape(
          ctx.i18n.text([asker.locale], [key.startsWith('space-') ? key : `${textsOf}.${key}`], params),
        )
      const found = await reminders.previewWeek(asker.viewer, wanted, say)
      if (!found.ok) return refused(asker, found)
      const { from, to, held, days } = found.value
      return answered({
        ...{ from: formatDay(from), to: formatDay(to), held, over: to < asker.today },
        days: days.map((one) => dayOf(say, one)),
      })
    },
    async 'reminder-hold'(asker, { day, hold }) {
      const wanted = parseDay(day)
      if (wanted === undefined) return declined('wrong-day')
      const now = new Date()
      const found = hold
        ? await reminders.hold(asker.viewer, wanted, { by: await nameOfAsker(ctx, asker), now })
        : await reminders.lift(asker.viewer, wanted, { now })
      return found.ok ? answered({ late: found.value.late }) : refused(asker, found)
    },
    async 'reminder-settings'({ viewer }) {
      const found = await reminders.settings(viewer)
      // Whoever is not in the roster gets no reminders of their own.
      if (!found.ok) return declined('no-own-reminders')
      const { weekly, deadlines, pausedUntil } = found.value
      return answered({
        ...{ weekly, deadlines },
        ...(pausedUntil !== undefined && { pausedUntil: formatDay(pausedUntil) }),
      })
    },
    async 'reminder-set'({ viewer }, settings) {
      const found = await reminders.settings(viewer)
      if (!found.ok) return declined('no-own-reminders')
      const changed = await reminders.change(viewer, { ...found.value, ...settings })
      return changed.ok ? answered({}) : declined('no-own-reminders')
    },
  }
}

function dayOf(say: Translate, { day, messages, occasions }: DayPreview): Week['days'][number] {
  return { day: formatDay(day), messages, occasions: occasions.map((one) => occasionOf(say, one)) }
}

function occasionOf(
  say: Translate,
  { kind, phase = '', due, run, audiences }: OccasionPreview,
): Week['days'][number]['occasions'][number] {
  return {
    ...{ kind, phase, due: due.toISOString(), told: run?.told ?? 0 },
    audiences: audiences.map(({ audience, told, silent, reasons, example }) => ({
      ...{ audience: say(`audience.${audience}`), told, silent, example },
      reasons: reasons.map(({ reason, count, names }) => ({ reason: say(`reason.${reason}`), count, names })),
    })),
  }
}
