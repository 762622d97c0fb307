import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { candidates } from '@space-assistant/core/nudges/candidate'
import type { Candidate, NudgeDistrict } from '@space-assistant/core/nudges/candidate'
import { isOccasionOpen, occasionsOn } from '@space-assistant/core/nudges/occasion'
import type { NudgeTimes, Occasion } from '@space-assistant/core/nudges/occasion'
import { NudgePlan } from '@space-assistant/core/nudges/plan'
import type { NudgeVerdict } from '@space-assistant/core/nudges/nudge'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { PhaseGoal } from '@space-assistant/core/scheme/scheme'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type { NewMessage } from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { Claims, ClaimLost } from './claims'
import { Directory } from './directory'
import type { LookUp, ReminderAddress } from './directory'
import type { Renderer } from './render'
import type { Settings } from './settings'

declare module 'koishi' {
  interface Events {
    /**
     * Asked before somebody is reminded of a phase: whether they have nominated, or scored. Whoever knows answers;
     * nobody answering counts as missing.
     */
    'space/phase-goal'(
      goal: PhaseGoal,
      who: { audience: string; id: string },
    ): 'reached' | 'missing' | undefined
  }
}

/** A verdict, with where a nudge goes. */
export type Placed = NudgeVerdict & { mailbox?: ReminderAddress }

/** People looked at between two questions to the database, and letters of one transaction at most. */
const BATCH = 200

/** Plans occasions and writes them to the outbox, each once whatever happens in between. */
export class Planner {
  readonly claims: Claims
  private readonly done = new Set<string>()
  private running: Promise<void> | undefined

  constructor(
    private readonly ctx: Context,
    private readonly options: { times: NudgeTimes; settings: Settings; renderer: Renderer },
  ) {
    this.claims = new Claims(ctx)
  }

  /** What may be said now and is not known to be planned. */
  open(now: Date): Occasion[] {
    return this.on(now).filter((occasion) => isOccasionOpen(occasion, now) && !this.done.has(occasion.key))
  }

  /** Plans everything that is open. Calls while one is at work wait for that one. */
  tick(now = new Date()): Promise<void> {
    this.running ??= this.planOpen(now).finally(() => (this.running = undefined))
    return this.running
  }

  on(now: Date): Occasion[] {
    const { active, calendar } = this.ctx.schemes
    return occasionsOn(active, calendar, dayOf(now), this.options.times)
  }

  private async planOpen(now: Date): Promise<void> {
    for (const occasion of this.open(now)) {
      const claim = await this.claims.take(occasion.key, Date.now())
      if (claim === 'done') this.done.add(occasion.key)
      if (claim !== 'mine') continue
      try {
        await this.write(occasion)
        this.done.add(occasion.key)
      } catch (error) {
        if (!(error instanceof ClaimLost)) throw error
      }
    }
  }

  private async write(occasion: Occasion): Promise<void> {
    const total = { told: 0, silent: 0 }
    const renderer = this.options.renderer.remembering()
    for await (const placed of this.verdicts(occasion)) {
      const letters: NewMessage[] = []
      let silent = 0
      for (const each of placed) {
        const letter = letterOf(occasion, each, renderer)
        if (letter) letters.push(letter)
        else silent++
      }
      const step = { told: letters.length, silent }
      await this.ctx.database.withTransaction(async () => {
        await this.claims.step(occasion.key, step)
        if (letters.length) await this.ctx.outbox.enqueue(letters)
      })
      total.told += step.told
      total.silent += step.silent
      // A database within the process answers without the event loop: people who ask something get their turn here.
      await setImmediate()
    }
    await this.claims.finish(occasion.key, Date.now())
    const log = this.ctx.logger('space-reminders')
    log.info('%s: %d told, %d not', occasion.kind, total.told, total.silent)
  }

  /**
   * Everything that an occasion comes to, in batches to be gone through once; what is not asked for is not computed.
   * Tasks are long lists, so each is let go before the next is made.
   */
  async *verdicts(occasion: Occasion): AsyncGenerator<Iterable<Placed>> {
    const { schemes, roster, scoreboard } = this.ctx
    const directory = await Directory.open(this.ctx, this.options.settings)
    const district: NudgeDistrict = {
      scheme: schemes.active,
      members: roster.members(),
      schools: roster.schools(),
      offices: directory.offices,
    }
    const counts = new BoardCounts(scoreboard.board)
    const plan = new NudgePlan(occasion, {
      district,
      counts: (account) => counts.of(account),
      standing: (query) => scoreboard.standing(query),
      ask: (goal, who) => this.ctx.bail('space/phase-goal', goal, who),
    })
    for (const batch of batches(candidates(occasion, district), BATCH)) {
      const look = await directory.look(batch, occasion)
      yield placed(batch, plan, look)
    }
  }
}

function letterOf(occasion: Occasion, placed: Placed, renderer: Renderer): NewMessage | undefined {
  if (!('nudge' in placed) || !placed.mailbox) return
  const { to, alternatives } = placed.mailbox
  return {
    key: shorten(`nudge/${placed.nudge.key}`, 190),
    target: to,
    alternatives,
    kind: 'nudge',
    batch: reminderBatch(occasion),
    content: h.escape(renderer.text(placed.nudge, placed.mailbox.place)),
    priority: 'nudge',
    notBefore: occasion.due,
    expiresAt: occasion.expires,
  }
}

function* placed(batch: readonly Candidate[], plan: NudgePlan, look: LookUp): Generator<Placed> {
  for (const candidate of batch) {
    for (const verdict of plan.decide(candidate, (subject) => look(candidate, subject))) {
      const mailbox = 'nudge' in verdict ? look(candidate, verdict.nudge.subject).mailbox : undefined
      yield mailbox ? { ...verdict, mailbox } : verdict
    }
  }
}

/** The batch under which the outbox keeps the letters of an occasion. */
export function reminderBatch(occasion: Occasion): string {
  return shorten(occasion.key, 100)
}

/** Long names are cut and told apart by a hash. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 24)
  return `${text.slice(0, max - 25)}#${hash}`
}

/** Lists whose members count to about `size`; a school counts as its members. */
function* batches(all: Iterable<Candidate>, size: number): Generator<Candidate[]> {
  let batch: Candidate[] = []
  let weight = 0
  for (const candidate of all) {
    batch.push(candidate)
    weight += candidate.kind === 'school' ? Math.max(1, candidate.members.length) : 1
    if (weight < size) continue
    yield batch
    batch = []
    weight = 0
  }
  if (batch.length) yield batch
}
