import { setImmediate } from 'node:timers/promises'
import { candidates } from '@space-assistant/core/nudges/candidate'
import type { Candidate, NudgeDistrict } from '@space-assistant/core/nudges/candidate'
import { isOccasionOpen, occasionsOn } from '@space-assistant/core/nudges/occasion'
import type { NudgeTimes, Occasion } from '@space-assistant/core/nudges/occasion'
import { NudgePlan } from '@space-assistant/core/nudges/plan'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import { dayKind } from '@space-assistant/core/calendar/workday'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { Claims, ClaimLost } from './claims'
import { Directory } from './directory'
import { loadPhaseGoals } from './goals'
import type { ReminderHolds } from './holds'
import type { Placed, PlacedBatch } from './placed'
import { ReminderPost, reminderBatch } from './post'
import type { LookUp } from './directory'
import type { Renderer } from './render'
import type { Settings } from './settings'

/** People looked at between two questions to the database, and letters of one transaction at most. */
const BATCH = 200

/** Plans occasions and writes them to the outbox, each once whatever happens in between. */
export class Planner {
  readonly claims: Claims
  private readonly done = new Set<string>()
  private running: Promise<void> | undefined

  constructor(
    private readonly ctx: Context,
    private readonly options: {
      times: NudgeTimes
      settings: Settings
      renderer: Renderer
      holds: ReminderHolds
    },
  ) {
    this.claims = new Claims(ctx)
  }

  /** What may be said now and is not known to be planned. */
  open(now: Date): Occasion[] {
    return this.on(dayOf(now)).filter(
      (occasion) => isOccasionOpen(occasion, now) && !this.done.has(occasion.key),
    )
  }

  /** Plans everything that is open. Calls while one is at work wait for that one. */
  tick(now = new Date()): Promise<void> {
    this.running ??= this.planOpen(now).finally(() => (this.running = undefined))
    return this.running
  }

  on(day: Day): Occasion[] {
    const { active, calendar } = this.ctx.schemes
    return occasionsOn(active, calendar, day, this.options.times)
  }

  /** What of a day's occasions has been planned does not leave, or goes on. */
  async stop(day: Day, stopped: boolean): Promise<void> {
    const { outbox } = this.ctx
    for (const batch of new Set(this.on(day).map(reminderBatch)))
      await (stopped ? outbox.cancel({ batch }) : outbox.resume({ batch }))
  }

  private async planOpen(now: Date): Promise<void> {
    const open = this.open(now)
    if (!open.length || (await this.options.holds.find(dayOf(now)))) return
    const mine: Occasion[] = []
    for (const occasion of open) {
      const claim = await this.claims.take(occasion.key, Date.now())
      if (claim === 'done') this.done.add(occasion.key)
      if (claim === 'mine') mine.push(occasion)
    }
    if (!mine.length) return
    try {
      await this.write(mine)
      for (const { key } of mine) this.done.add(key)
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error
    }
  }

  /** Everything that is due at once is planned together: whoever is concerned by several things hears of them in one message. */
  private async write(occasions: readonly Occasion[]): Promise<void> {
    const post = new ReminderPost(occasions, this.options.renderer.remembering())
    for await (const batch of this.verdicts(occasions)) {
      const { messages, steps } = post.take(batch)
      await this.ctx.database.withTransaction(async () => {
        for (const { key } of occasions) await this.claims.step(key, steps(key))
        if (messages.length) await this.ctx.outbox.enqueue(messages)
      })
      // A database within the process answers without the event loop: people who ask something get their turn here.
      await setImmediate()
    }
    const log = this.ctx.logger('space-reminders')
    for (const { key, kind } of occasions) {
      await this.claims.finish(key, Date.now())
      log.info('%s: planned', kind)
    }
    log.info('%d messages', post.written)
  }

  /**
   * Everything that occasions of one day come to, in batches to be gone through once; what is not asked for is not
   * computed. Tasks are long lists, so each is let go before the next is made.
   */
  async *verdicts(occasions: readonly Occasion[]): AsyncGenerator<PlacedBatch> {
    const { schemes, roster, scoreboard } = this.ctx
    const directory = await Directory.open(this.ctx, this.options.settings)
    const district: NudgeDistrict = {
      scheme: schemes.active,
      members: roster.members(),
      schools: roster.schools(),
      offices: directory.offices,
    }
    const counts = new BoardCounts(scoreboard.board)
    const { calendar } = schemes
    const sources = {
      district,
      counts: (account: string) => counts.of(account),
      standing: (query: StandingQuery) => scoreboard.standing(query),
      dataUntil: scoreboard.dataUntil,
      isWorkday: (day: Day) => dayKind(day, calendar).work,
      ask: await loadPhaseGoals(this.ctx),
    }
    const plans = occasions.map((occasion) => new NudgePlan(occasion, sources))
    for (const { batch, isLast } of batches(candidates(occasions, district), BATCH)) {
      const looks = new Map<Occasion, LookUp>()
      for (const occasion of occasions) looks.set(occasion, await directory.look(batch, occasion))
      yield { placed: placed(batch, plans, looks), isLast, officeChats: directory.officeChats }
    }
  }
}

/** Each candidate's verdicts on all occasions, one candidate after the other. */
function* placed(
  batch: readonly Candidate[],
  plans: readonly NudgePlan[],
  looks: ReadonlyMap<Occasion, LookUp>,
): Generator<Placed> {
  for (const candidate of batch) {
    for (const plan of plans) {
      const { occasion } = plan
      const look = looks.get(occasion)
      if (!look) continue
      for (const verdict of plan.decide(candidate, (subject) => look(candidate, subject))) {
        const mailbox = 'nudge' in verdict ? look(candidate, verdict.nudge.subject).mailbox : undefined
        yield { ...verdict, occasion, ...(mailbox && { mailbox }) }
      }
    }
  }
}

/**
 * Lists whose members count to about `size`; a school counts as its members, and its administrators who teach stay with
 * it. There is always a last one.
 */
function* batches(
  all: Iterable<Candidate>,
  size: number,
): Generator<{ batch: Candidate[]; isLast: boolean }> {
  let batch: Candidate[] = []
  let weight = 0
  for (const candidate of all) {
    const follows = candidate.kind === 'teacher' && candidate.member.roles.includes('administrator')
    if (weight >= size && !follows) {
      yield { batch, isLast: false }
      batch = []
      weight = 0
    }
    batch.push(candidate)
    weight += candidate.kind === 'school' ? Math.max(1, candidate.members.length) : 1
  }
  yield { batch, isLast: true }
}
