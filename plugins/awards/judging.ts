import { assignSheets } from '@space-assistant/core/awards/assignment'
import type { Assignment } from '@space-assistant/core/awards/assignment'
import { conflictOf } from '@space-assistant/core/awards/conflict'
import type { ConflictReason, PanelJudge } from '@space-assistant/core/awards/conflict'
import { changeSheet } from '@space-assistant/core/awards/sheet'
import type { JudgeSheetAct, SheetChange, SheetPoints } from '@space-assistant/core/awards/sheet'
import { judgeSeverity } from '@space-assistant/core/awards/tally'
import type { JudgeSeverity } from '@space-assistant/core/awards/tally'
import { attempt, done, refused, rollback } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Award } from '@space-assistant/core/scheme/scheme'
import type { AwardActor, AwardFrame, AwardNominee } from './frame'
import { judgeOfActor } from './panel'
import type { JudgedScores, SheetBook } from './sheet-book'
import type { AwardNominationRow, AwardPointRow, AwardSheetRow } from './table'

/** One of a judge's sheets, with whom it is about and what is filled in. */
export interface OwnSheet {
  row: AwardSheetRow
  nominee: AwardNominee
  criteria: readonly { name: string; max: number; text: string }[]
  points: SheetPoints
  conflict: ConflictReason | undefined
}

/** What a judge does to an own sheet; `seen` is the edit number that was shown. */
export type OwnSheetChange = SheetChange & { act: Exclude<JudgeSheetAct, 'void'> }

export interface JudgingProgress {
  judges: { name: string; submitted: number; open: number; recused: number }[]
  short: Assignment['short']
  severity: JudgeSeverity[]
}

interface KnownPanel {
  panel: readonly PanelJudge[]
  nominations: readonly AwardNominationRow[]
}

const openStates = new Set<AwardSheetRow['state']>(['assigned', 'draft', 'reopened'])

/** Whether a judge still has to do something on a sheet. */
export function isSheetOpen({ state }: Pick<AwardSheetRow, 'state'>): boolean {
  return openStates.has(state)
}

/** The panel, who scores whom, and the sheets. Judges see their own sheets; staff never score. */
export class Judging {
  constructor(
    private readonly frame: AwardFrame,
    private readonly book: SheetBook,
  ) {}

  /** Shares the accepted nominees out; `apply` false only shows what would come of it. */
  async assign(
    actor: AwardActor,
    { seed, apply }: { seed: number; apply: boolean },
  ): Promise<Outcome<Assignment[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const { store } = this.frame
    return attempt(() =>
      store.write(async ({ state }) => {
        if (state !== 'judging') rollback('not-judging-now')
        const panel = await this.book.panel()
        if (!panel.length) rollback('no-judges')
        const numbers = new Map<string, number>()
        const plans: Assignment[] = []
        for (const award of this.frame.awards.filter((one) => this.frame.rubric(one))) {
          const plan = await this.planFor(award, panel, seed)
          plans.push(plan)
          if (apply) await this.storePlan(award, plan, numbers)
        }
        if (apply) await store.log({ actor: actor.name, act: 'assign', subject: '', after: String(seed) })
        return plans
      }),
    )
  }

  private async planFor(award: Award, panel: readonly PanelJudge[], seed: number): Promise<Assignment> {
    const accepted = await this.frame.store.rows(
      'space_award_nomination',
      "AND award = ? AND state = 'accepted' ORDER BY id",
      [award.name],
    )
    const judged = new Map(accepted.map((row) => [row.nominee, this.book.judged(award, row)]))
    const byId = new Map(panel.map((judge) => [judge.id, judge]))
    return assignSheets({
      nominees: [...judged.keys()],
      judges: panel.map(({ id }) => id),
      seed,
      isConflict: (id, nominee) => {
        const [judge, one] = [byId.get(id), judged.get(nominee)]
        return judge === undefined || one === undefined || conflictOf(judge, one) !== undefined
      },
    })
  }

  /** Sheets that somebody has begun stay as they are; untouched ones that are not in the plan go. */
  private async storePlan(award: Award, plan: Assignment, numbers: Map<string, number>): Promise<void> {
    const { store } = this.frame
    const known = await store.rows('space_award_sheet', 'AND award = ?', [award.name])
    await store.remove('space_award_sheet', "AND award = ? AND state = 'assigned'", [award.name])
    for (const [judge, nominees] of plan.sheets) {
      for (const nominee of nominees) {
        const number = (numbers.get(judge) ?? 0) + 1
        numbers.set(judge, number)
        const row = known.find((one) => one.judge === judge && one.nominee === nominee)
        const begun = row && row.state !== 'assigned' ? row : undefined
        const sheet = { judge, award: award.name, nominee, number }
        await store.put('space_award_sheet', {
          ...sheet,
          state: begun?.state ?? 'assigned',
          edit: begun?.edit ?? 0,
          reason: begun?.reason ?? '',
        })
      }
    }
  }

  /** The actor's own sheets in the order of the queue; nobody sees another judge's. */
  async ownSheets(actor: AwardActor): Promise<Outcome<OwnSheet[]>> {
    const judge = await this.judgeOf(actor)
    if (!judge.ok) return judge
    const rows = await this.frame.store.rows('space_award_sheet', 'AND judge = ? ORDER BY number, award', [
      judge.value,
    ])
    const points = await this.frame.store.rows('space_award_point', 'AND judge = ?', [judge.value])
    const known = await this.known()
    return done(rows.flatMap((row) => this.ownSheet(row, points, known) ?? []))
  }

  /** Saves, submits, takes up again, or recuses one of the own sheets. */
  async change(
    actor: AwardActor,
    of: Pick<AwardSheetRow, 'award' | 'nominee'>,
    change: OwnSheetChange,
  ): Promise<Outcome<OwnSheet>> {
    const judge = await this.judgeOf(actor)
    if (!judge.ok) return judge
    const key = { ...of, judge: judge.value }
    return attempt(() => this.frame.store.write(({ state }) => this.store(actor, { of: key, change, state })))
  }

  /** Staff void a sheet of a judge; it stays and is not counted. */
  async voidSheet(
    actor: AwardActor,
    { reason, ...of }: Pick<AwardSheetRow, 'judge' | 'award' | 'nominee' | 'reason'>,
  ): Promise<Outcome<OwnSheet>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const change = { act: 'void' as const, reason }
    return attempt(() => this.frame.store.write(({ state }) => this.store(actor, { of, change, state })))
  }

  /** The judge who somebody is, if the panel knows one. */
  private async judgeOf(actor: AwardActor): Promise<Outcome<string>> {
    const may = await this.frame.check(actor, { kind: 'judge' })
    if (!may.ok) return may
    const judge = await judgeOfActor(this.frame, actor)
    return judge === undefined ? refused('not-on-panel') : done(judge)
  }

  private async store(
    actor: AwardActor,
    {
      of,
      change,
      state,
    }: {
      of: Pick<AwardSheetRow, 'judge' | 'award' | 'nominee'>
      change: Omit<SheetChange, 'seen'> & { seen?: number }
      state: string
    },
  ): Promise<OwnSheet> {
    const { store } = this.frame
    const { judge, award: awardName, nominee } = of
    const key = [judge, awardName, nominee]
    const where = 'AND judge = ? AND award = ? AND nominee = ?'
    const [row] = await store.rows('space_award_sheet', where, key)
    const award = this.frame.award(of.award)
    const rubric = award && this.frame.rubric(award)
    if (!row || !award || !rubric) rollback('no-such-sheet')
    const known = this.ownSheet(row, await store.rows('space_award_point', where, key), await this.known())
    if (!known) rollback('no-such-sheet')
    const merged = rubric.criteria.map((_, at) => change.points?.[at] ?? known.points[at] ?? null)
    const facts = { state: row.state, edit: row.edit, isOpen: state === 'judging', conflict: known.conflict }
    const result = changeSheet(facts, { seen: row.edit, ...change, points: merged }, rubric)
    if (!result.ok) rollback(result.code, result.params)
    const next = { ...row, state: result.state, edit: result.edit, reason: change.reason ?? row.reason }
    await store.put('space_award_sheet', next)
    if (change.act === 'save' || change.act === 'submit') {
      const filled = merged.flatMap((points, criterion) =>
        points === null ? [] : [{ judge, award: awardName, nominee, criterion, points }],
      )
      await store.put('space_award_point', ...filled)
    }
    const subject = `${of.judge} ${of.award} ${of.nominee}`
    const log = {
      actor: actor.name,
      act: `sheet-${change.act}` as const,
      subject,
      before: row.state,
      after: next.state,
    }
    await store.log({ ...log, reason: change.reason ?? '' })
    return { ...known, row: next, points: merged }
  }

  /** Who has given how many sheets, and how severe they are; for staff. */
  async progress(actor: AwardActor): Promise<Outcome<JudgingProgress>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const [rows, panel] = await Promise.all([this.frame.store.rows('space_award_sheet'), this.book.panel()])
    const judges = panel.map(({ id }) => {
      const own = rows.filter(({ judge }) => judge === id)
      const count = (test: (row: AwardSheetRow) => boolean) => own.filter(test).length
      return {
        name: id,
        submitted: count(({ state }) => state === 'submitted'),
        open: count(isSheetOpen),
        recused: count(({ state }) => state === 'recused' || state === 'voided'),
      }
    })
    const sheets = await this.book.sheets()
    const short = [...sheets.values()]
      .flat()
      .flatMap(({ nominee, counted }) => (counted.length < 3 ? [{ nominee, judges: counted.length }] : []))
    return done({ judges, short, severity: judgeSeverity([...sheets.values()].flat()) })
  }

  /** Every nominee's result with each judge's total, by award; for staff. */
  async scores(actor: AwardActor): Promise<Outcome<JudgedScores[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    return may.ok ? done(await this.book.scores()) : may
  }

  private async known(): Promise<KnownPanel> {
    const [panel, nominations] = await Promise.all([
      this.book.panel(),
      this.frame.store.rows('space_award_nomination', "AND state = 'accepted'"),
    ])
    return { panel, nominations }
  }

  private ownSheet(
    row: AwardSheetRow,
    points: readonly AwardPointRow[],
    { panel, nominations }: KnownPanel,
  ): OwnSheet | undefined {
    const award = this.frame.award(row.award)
    const rubric = award && this.frame.rubric(award)
    const nominee = award && this.frame.nominee(award, row.nominee)
    const judge = panel.find(({ id }) => id === row.judge)
    const nomination = nominations.find((one) => one.award === row.award && one.nominee === row.nominee)
    if (!award || !rubric || !nominee || !judge || !nomination) return undefined
    const own = points.filter((one) => one.award === row.award && one.nominee === row.nominee)
    return {
      row,
      nominee,
      criteria: rubric.criteria,
      points: rubric.criteria.map((_, at) => own.find(({ criterion }) => criterion === at)?.points ?? null),
      conflict: conflictOf(judge, this.book.judged(award, nomination)),
    }
  }
}
