import type { Day } from '../calendar/day'
import type { Occasion } from './occasion'

/** What can be turned off on its own: the weekly nudge, and starts and deadlines of phases. */
export const nudgeTopics = ['weekly', 'deadlines'] as const
export type NudgeTopic = (typeof nudgeTopics)[number]

/** What a person or a group wants to be told; `pausedUntil` is the last day of silence. */
export type NudgeSettings = Record<NudgeTopic, boolean> & { pausedUntil?: Day }

/** What holds for everybody who has said nothing. */
export const defaultSettings: NudgeSettings = { weekly: true, deadlines: true }

export function topicOf(occasion: Pick<Occasion, 'kind'>): NudgeTopic {
  return occasion.kind === 'weekly' ? 'weekly' : 'deadlines'
}

/** Why somebody's own settings keep an occasion from them, if they do. */
export function silencedBy(
  settings: NudgeSettings,
  occasion: Pick<Occasion, 'kind' | 'day'>,
): 'muted' | 'paused' | undefined {
  if (!settings[topicOf(occasion)]) return 'muted'
  const { pausedUntil } = settings
  return pausedUntil !== undefined && occasion.day <= pausedUntil ? 'paused' : undefined
}
