import { formatDay } from '@space-assistant/core/calendar/day'
import { phasesOn } from '@space-assistant/core/phases/phase'
import type { IntentOf, IntentWhom } from '@space-assistant/core/understanding/intent'
import { h } from 'koishi'
import type { Session } from 'koishi'
import type { ConversationPart } from 'koishi-plugin-space-conversation'
import { handOverTasks, joinTaskLines, taskKey } from './frame'
import type { TaskContext } from './frame'
import { laggingAnswer } from './lagging'
import { answerPersonTasks } from './person'
import { phasesAnswer } from './phases'
import { answerSchoolTasks, areaAnswer } from './school'

/** Whose tasks are meant where nobody is named. */
export type TaskScope = 'self' | 'own-school' | 'own-town' | 'district'

type AnswerScope = (frame: TaskContext, scope: TaskScope) => string

/** Answers to what is still to do, who is behind, and where the activity stands. */
export function taskIntents(
  open: (session: Session) => Promise<TaskContext>,
  answerScope: AnswerScope,
): NonNullable<ConversationPart['intents']> {
  return {
    tasks: async (session, { whom }) => {
      const frame = await open(session)
      const text = answerTasks(frame, whom, answerScope)
      return text === undefined ? undefined : h.text(await handOverTasks(frame, text))
    },
    lagging: async (session, intent) => {
      const frame = await open(session)
      return h.text(await handOverTasks(frame, laggingAnswer(frame, intent)))
    },
    phases: async (session, intent) => h.text(answerPhase(await open(session), intent)),
  }
}

function answerTasks(
  frame: TaskContext,
  whom: IntentWhom | undefined,
  answerScope: AnswerScope,
): string | undefined {
  if (whom === undefined || whom === 'self') return answerScope(frame, 'self')
  if (whom === 'own-school' || whom === 'own-town') return answerScope(frame, whom)
  if (whom === 'district' || whom === 'city') return answerScope(frame, 'district')
  if (whom.startsWith('school:')) return answerSchoolTasks(frame, whom.slice('school:'.length))
  if (whom.startsWith('person:')) return answerPersonTasks(frame, whom.slice('person:'.length))
  const town = whom.slice('town:'.length)
  return areaAnswer(frame, town, town)
}

/** One phase with its days where it is named, else all of them. */
function answerPhase(frame: TaskContext, { phase, ask }: IntentOf<'phases'>): string {
  const { ctx, say, today } = frame
  const states = phasesOn(ctx.schemes.active, today)
  const running = states.find(({ state }) => state === 'running')
  const meant =
    phase === undefined
      ? ask === undefined || ask === 'now'
        ? undefined
        : (running ?? states.find(({ state }) => state === 'ahead'))
      : states.find((each) => each.phase.name === phase)
  if (!meant) return phasesAnswer(frame)
  const { name, window, todo } = meant.phase
  const params = { name, from: formatDay(window.from), to: formatDay(window.to), todo }
  const days =
    meant.state === 'ahead'
      ? say(taskKey('phase.ahead'), { ...params, days: meant.daysUntil })
      : meant.state === 'running'
        ? say(taskKey(meant.daysLeft ? 'phase.running' : 'phase.last-day'), {
            ...params,
            days: meant.daysLeft,
          })
        : say(taskKey('phase.over'), params)
  return joinTaskLines([days, ask === 'todo' && say(taskKey('phase.todo'), params)])
}
