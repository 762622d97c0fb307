import { assignSheets, usualAssignment } from '@space-assistant/core/awards/assignment'
import type { Assignment } from '@space-assistant/core/awards/assignment'
import { conflictOf } from '@space-assistant/core/awards/conflict'
import type { ConflictReason, JudgedNominee, PanelJudge } from '@space-assistant/core/awards/conflict'
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
import type { AwardPointRow, AwardSheetRow } from './table'

/** One of a judge's sheets, with whom it is about and what is filled in. */
export interface OwnSheet {
  row: AwardSheetRow
  nominee: AwardNominee
  criteria: readonly { name: string; max: number; text: string }[]
  points: SheetPoints
  conflict: ConflictReason | undefined
}

/** How the nominees of one award are shared out, and how few sheets are enough for a result. */
export interface AwardAssignment extends Assignment {
  award: string
  least: number
}

/** What a judge does to an own sheet; `seen` is the edit number that was shown. */
export type OwnSheetChange = SheetChange & { act: Exclude<JudgeSheetAct, 'void'> }

export interface JudgingProgress {
  judges: { name: string; submitted: number; open: number; recused: number }[]
  /** Nominees with fewer counted sheets than a result needs. */
  short: { nominee: string; name: string; judges: number; least: number }[]
  severity: JudgeSeverity[]
}

interface KnownPanel {
  panel: readonly PanelJudge[]
  judged: ReadonlyMap<string, ReadonlyMap<string, JudgedNominee>>
}

const openStates = new Set<AwardSheetRow['state']>(['assigned', 'draft', 'reopened'])

/** Whether a judge still has to do something on a sheet. */
export function isSheetOpen({ state }: Pick<AwardSheetRow, 'state'>): boolean {
  return openStates.has(state)
}

const isSheetGivenUp = ({ state }: Pick<AwardSheetRow, 'state'>) => state === 'recused' || state === 'voided'

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
  ): Promise<Outcome<AwardAssignment[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const { store } = this.frame
    return attempt(() =>
      store.write(async ({ state }) => {
        if (state !== 'judging') rollback('not-judging-now')
        const panel = await this.book.panel()
        if (!panel.length) rollback('no-judges')
        const sheets = await store.rows('space_award_sheet', "AND state <> 'assigned'")
        const plans: AwardAssignment[] = []
        for (const award of this.frame.awards.filter((one) => this.frame.rubric(one)))
          plans.push(await this.planFor(award, { panel, sheets, seed }))
        if (!apply) return plans
        await this.storePlans(plans, sheets)
        await store.log({ actor: actor.name, act: 'assign', subject: '', after: String(seed) })
        return plans
      }),
    )
  }

  /** Whoever has begun a sheet keeps it; whoever has recused or whose sheet is void gets no other of that nominee. */
  private async planFor(
    award: Award,
    { panel, sheets, seed }: { panel: readonly PanelJudge[]; sheets: readonly AwardSheetRow[]; seed: number },
  ): Promise<AwardAssignment> {
    const judged = await this.book.judged(award)
    const byId = new Map(panel.map((judge) => [judge.id, judge]))
    const own = sheets.filter((row) => row.award === award.name)
    const keyOf = (judge: string, nominee: string) => JSON.stringify([judge, nominee])
    const given = new Set(own.filter(isSheetGivenUp).map((row) => keyOf(row.judge, row.nominee)))
    const isConflict = (id: string, nominee: string) => {
      const [judge, one] = [byId.get(id), judged.get(nominee)]
      if (judge === undefined || one === undefined || given.has(keyOf(id, nominee))) return true
      return conflictOf(judge, one) !== undefined
    }
    const begun = new Map(
      panel.map(({ id }) => {
        const rows = own.filter(({ judge, nominee }) => judge === id && !isConflict(id, nominee))
        return [id, rows.map(({ nominee }) => nominee)]
      }),
    )
    const { least } = award.sheets
    const rule = { ...usualAssignment, least, perNominee: Math.max(usualAssignment.perNominee, least) }
    const nominees = [...judged.keys()]
    const judges = panel.map(({ id }) => id)
    return { award: award.name, least, ...assignSheets({ nominees, judges, isConflict, begun, seed, rule }) }
  }

  /** Sheets that somebody has begun stay as they are, with their numbers; untouched ones are shared out anew. */
  private async storePlans(
    plans: readonly AwardAssignment[],
    begun: readonly AwardSheetRow[],
  ): Promise<void> {
    const { store } = this.frame
    await store.remove('space_award_sheet', "AND state = 'assigned'")
    const taken = new Map<string, number>()
    for (const { judge, number } of begun) taken.set(judge, Math.max(taken.get(judge) ?? 0, number))
    const isBegun = new Set(begun.map((row) => JSON.stringify([row.judge, row.award, row.nominee])))
    for (const { award, sheets } of plans) {
      const fresh = [...sheets].flatMap(([judge, nominees]) =>
        nominees
          .filter((nominee) => !isBegun.has(JSON.stringify([judge, award, nominee])))
          .map((nominee) => {
            const number = (taken.get(judge) ?? 0) + 1
            taken.set(judge, number)
            return { judge, award, nominee, number, state: 'assigned' as const, edit: 0, reason: '' }
          }),
      )
      await store.put('space_award_sheet', ...fresh)
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

  /** The judges whose sheets somebody may have on paper: all for staff, else the own one. */
  async judgesOf(actor: AwardActor): Promise<Outcome<string[]>> {
    const judge = await this.judgeOf(actor)
    if (judge.ok) return done([judge.value])
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return judge
    return done((await this.frame.store.rows('space_award_judge')).map(({ name }) => name))
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
        recused: count(isSheetGivenUp),
      }
    })
    const sheets = await this.book.sheets()
    const short = [...sheets].flatMap(([name, own]) => {
      const award = this.frame.award(name)
      const least = award?.sheets.least ?? 0
      return own.flatMap(({ nominee, counted }) => {
        const shown = (award && this.frame.nominee(award, nominee)?.name) ?? nominee
        return counted.length < least ? [{ nominee, name: shown, judges: counted.length, least }] : []
      })
    })
    return done({ judges, short, severity: judgeSeverity([...sheets.values()].flat()) })
  }

  /** Every nominee's result with each judge's total, by award; for staff. */
  async scores(actor: AwardActor): Promise<Outcome<JudgedScores[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    return may.ok ? done(await this.book.scores()) : may
  }

  private async known(): Promise<KnownPanel> {
    const judged = new Map<string, Map<string, JudgedNominee>>()
    for (const award of this.frame.awards.filter((one) => this.frame.rubric(one)))
      judged.set(award.name, await this.book.judged(award))
    return { panel: await this.book.panel(), judged }
  }

  private ownSheet(
    row: AwardSheetRow,
    points: readonly AwardPointRow[],
    known: KnownPanel,
  ): OwnSheet | undefined {
    const award = this.frame.award(row.award)
    const rubric = award && this.frame.rubric(award)
    const nominee = award && this.frame.nominee(award, row.nominee)
    const judge = known.panel.find(({ id }) => id === row.judge)
    const judged = known.judged.get(row.award)?.get(row.nominee)
    if (!award || !rubric || !nominee || !judge || !judged) return undefined
    const own = points.filter((one) => one.award === row.award && one.nominee === row.nominee)
    return {
      row,
      nominee,
      criteria: rubric.criteria,
      points: rubric.criteria.map((_, at) => own.find(({ criterion }) => criterion === at)?.points ?? null),
      conflict: conflictOf(judge, judged),
    }
  }
}
