import { refKey } from '@space-assistant/core/delivery/channel'
import { maskName } from '@space-assistant/core/access/masking'
import type { Day } from '@space-assistant/core/calendar/day'
import type { SilenceReason, Subject } from '@space-assistant/core/nudges/nudge'
import type { Occasion } from '@space-assistant/core/nudges/occasion'
import type { Audience } from '@space-assistant/core/scheme/scheme'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'
import type { Placed } from './placed'
import type { Planner } from './planner'
import type { Renderer } from './render'

/** Whom an occasion would reach of an audience, whom not and why. */
export interface AudiencePreview {
  audience: Audience
  told: number
  silent: number
  reasons: { reason: SilenceReason; count: number; names: string[] }[]
  /** What the first of them would read; empty when there is none. */
  example: string
}

export interface OccasionPreview {
  kind: Occasion['kind']
  /** Of a phase. */
  phase?: string
  daysLeft?: number
  due: Date
  /** How far it is planned already. */
  run?: { state: 'planning' | 'done'; told: number; at: Date }
  audiences: AudiencePreview[]
}

/** Everything that one day would bring. Several things for one person are one message. */
export interface DayPreview {
  day: Day
  held: boolean
  messages: number
  occasions: OccasionPreview[]
}

/** Names shown of each reason; of those who cannot be reached more, as somebody has to do something about them. */
const EXAMPLES = 3
const UNREACHABLE = 30

interface PreviewSources {
  ctx: Context
  planner: Planner
  renderer: Renderer
  say: Translate
  /** Whether names are shown in full; otherwise the examples are what a group would read. */
  open: boolean
}

/** Plans a day like the clock does, and writes nothing. */
export async function previewDay(
  sources: PreviewSources,
  { day, held }: { day: Day; held: boolean },
): Promise<DayPreview> {
  const { planner } = sources
  const occasions = planner.on(day)
  const made = new Map(occasions.map((occasion) => [occasion.key, new Map<Audience, AudiencePreview>()]))
  const chats = new Set<string>()
  if (occasions.length) {
    for await (const { placed } of planner.verdicts(occasions)) {
      for (const each of placed) {
        count(sources, made.get(each.occasion.key) ?? new Map<Audience, AudiencePreview>(), each)
        if ('nudge' in each && each.mailbox) chats.add(refKey(each.mailbox.to))
      }
    }
  }
  const parts: OccasionPreview[] = []
  for (const occasion of occasions) {
    const run = await planner.claims.find(occasion.key)
    const at = run && new Date(Number(run.finishedAt) || Number(run.startedAt))
    parts.push({
      kind: occasion.kind,
      ...(occasion.kind !== 'weekly' && { phase: occasion.phase.name }),
      ...(occasion.kind === 'phase-deadline' && { daysLeft: occasion.daysLeft }),
      due: occasion.due,
      ...(run && at && { run: { state: run.state, told: run.told, at } }),
      audiences: [...(made.get(occasion.key)?.values() ?? [])],
    })
  }
  return { day, held, messages: chats.size, occasions: parts }
}

function count(sources: PreviewSources, audiences: Map<Audience, AudiencePreview>, placed: Placed): void {
  const { renderer, open } = sources
  const { audience, subject } = 'nudge' in placed ? placed.nudge : placed.silence
  const tally = audiences.get(audience) ?? { audience, told: 0, silent: 0, reasons: [], example: '' }
  audiences.set(audience, tally)
  if ('nudge' in placed) {
    tally.told++
    tally.example ||= renderer.text(placed.nudge, open ? (placed.mailbox?.place ?? 'private') : 'group')
    return
  }
  tally.silent++
  const { reason } = placed.silence
  const known = tally.reasons.find((one) => one.reason === reason)
  const entry = known ?? { reason, count: 0, names: [] as string[] }
  if (!known) tally.reasons.push(entry)
  entry.count++
  const most = reason === 'no-channel' ? UNREACHABLE : EXAMPLES
  if (entry.names.length < most) entry.names.push(nameOf(sources, subject))
}

function nameOf({ ctx, say, open }: PreviewSources, subject: Subject): string {
  switch (subject.kind) {
    case 'member': {
      const name = ctx.roster.member(subject.account)?.name ?? ''
      return open ? name : maskName(name)
    }
    case 'school':
      return say('preview.group-of', { school: ctx.roster.school(subject.code)?.name ?? subject.code })
    case 'office':
      return say('preview.someone')
  }
}
