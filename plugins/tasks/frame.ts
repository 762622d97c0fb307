import type { Translate } from '@space-assistant/core/text/translate'
import type { Day } from '@space-assistant/core/calendar/day'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Context, Session } from 'koishi'

/** The services that an answer is made from, taken out of the context once: looking them up there is slow. */
export type TaskServices = Pick<Context, 'roster' | 'scoreboard' | 'schemes' | 'access' | 'conversation'>

/** Everything an answer is made with. */
export interface TaskContext {
  ctx: TaskServices
  session: Session
  say: Translate
  viewer: Viewer
  /** Whether the answer is for the asker in private although it was asked in a group. */
  aside: boolean
  today: Day
}

/** What is said where it was asked; an answer about persons goes to the asker alone. */
export async function handOverTasks(frame: TaskContext, text: string): Promise<string> {
  return frame.aside ? frame.ctx.conversation.answerAside(frame.session, text) : text
}

export const taskKey = (name: string) => `space-tasks.${name}`

/** The sentence of a refusal by the rules of who may know what. */
export const taskRefusal = ({ say }: TaskContext, { code, params }: { code: string; params: object }) =>
  say(`space-access.refusal.${code}`, params)

/** The last line of every answer that rests on imported records. */
export function taskDataLine({ ctx, say }: Pick<TaskContext, 'ctx' | 'say'>): string {
  const { dataUntil } = ctx.scoreboard
  return dataUntil === undefined
    ? say(taskKey('no-data'))
    : say(taskKey('data-until'), { day: formatDay(dataUntil) })
}

export function joinTaskLines(lines: readonly (string | undefined | false)[]): string {
  return lines.filter(Boolean).join('\n')
}
