import { conflictOf } from '@space-assistant/core/awards/conflict'
import type { JudgedNominee, PanelJudge } from '@space-assistant/core/awards/conflict'
import { tallySheets, totalOf } from '@space-assistant/core/awards/tally'
import type { NomineeSheets, RubricResult } from '@space-assistant/core/awards/tally'
import { operator } from '@space-assistant/core/access/viewer'
import { instantOf } from '@space-assistant/core/calendar/day'
import type { Award } from '@space-assistant/core/scheme/scheme'
import type {} from 'koishi-plugin-space-imports'
import type { AwardFrame, AwardNominee } from './frame'
import { judgeChats } from './panel'

/** The results of one award with the totals that they come from. */
export interface JudgedScores {
  award: string
  /** Everybody with a counted sheet. */
  judges: string[]
  nominees: { result: RubricResult; nominee: AwardNominee | undefined; totals: ReadonlyMap<string, number> }[]
}

/** What the panel is and has given; whoever reads it has been checked. */
export class SheetBook {
  constructor(private readonly frame: AwardFrame) {}

  /** What the judges have given so far, by award: conflicts are looked at anew, because people move. */
  async results(): Promise<Map<string, RubricResult[]>> {
    const results = new Map<string, RubricResult[]>()
    for (const [name, sheets] of await this.sheets()) {
      const award = this.frame.award(name)
      const rubric = award && this.frame.rubric(award)
      if (award && rubric) results.set(name, tallySheets(sheets, rubric, award.sheets))
    }
    return results
  }

  /** Results, best first, with the total of every counted sheet by judge. */
  async scores(): Promise<JudgedScores[]> {
    const sheets = await this.sheets()
    return [...sheets].flatMap(([name, own]) => {
      const award = this.frame.award(name)
      const rubric = award && this.frame.rubric(award)
      if (!award || !rubric) return []
      const counted = new Map(own.map((one) => [one.nominee, one.counted]))
      const nominees = tallySheets(own, rubric, award.sheets).map((result) => ({
        result,
        nominee: this.frame.nominee(award, result.nominee),
        totals: new Map(
          (counted.get(result.nominee) ?? []).map(({ judge, points }) => [judge, totalOf(points)]),
        ),
      }))
      const judges = new Set(nominees.flatMap(({ totals }) => [...totals.keys()]))
      return [{ award: name, judges: [...judges].sort(), nominees }]
    })
  }

  /** Submitted sheets by award and nominee, those in conflict not among the counted ones. */
  async sheets(): Promise<Map<string, NomineeSheets[]>> {
    const { store } = this.frame
    const [rows, points, panel] = await Promise.all([
      store.rows('space_award_sheet', "AND state = 'submitted'"),
      store.rows('space_award_point'),
      this.panel(),
    ])
    const byId = new Map(panel.map((judge) => [judge.id, judge]))
    const pointsOf = new Map<string, number[]>()
    for (const one of points) {
      const key = JSON.stringify([one.judge, one.award, one.nominee])
      const list = pointsOf.get(key) ?? []
      pointsOf.set(key, list)
      list[one.criterion] = one.points
    }
    const found = new Map<string, NomineeSheets[]>()
    for (const award of this.frame.awards.filter((one) => this.frame.rubric(one))) {
      const sheets = [...(await this.judged(award))].map(([code, judged]) => {
        const given = rows.filter(({ award: name, nominee }) => name === award.name && nominee === code)
        const counted = given.flatMap(({ judge }) => {
          const member = byId.get(judge)
          if (!member || conflictOf(member, judged)) return []
          return { judge, points: pointsOf.get(JSON.stringify([judge, award.name, code])) ?? [] }
        })
        return { nominee: code, sheets: given.length, counted }
      })
      found.set(award.name, sheets)
    }
    return found
  }

  /** The panel with every unit, own school and declared conflict of each judge. */
  async panel(): Promise<PanelJudge[]> {
    const { store, ctx } = this.frame
    const [judges, units, conflicts] = await Promise.all([
      store.rows('space_award_judge', 'ORDER BY name'),
      store.rows('space_award_judge_unit'),
      store.rows('space_award_conflict'),
    ])
    const chats = await judgeChats(ctx, judges)
    const accounts = await Promise.all(
      judges.map(async ({ name, account }) => {
        const chat = chats.get(name)
        const bound = chat && (await ctx.access.viewer({ ...chat, isDirect: true })).account
        return [...new Set([account, bound ?? ''])].filter(Boolean)
      }),
    )
    const schools = await this.schoolsOfYear(accounts.flat())
    return judges.map(({ name }, at) => {
      const [account, ...otherAccounts] = accounts[at] ?? []
      const declaredUnits = units.flatMap(({ judge, unit }) => (judge === name ? [unit] : []))
      const own = (accounts[at] ?? []).flatMap((one) => [...(schools.get(one) ?? [])])
      return {
        id: name,
        ...(account !== undefined && { account, otherAccounts }),
        affiliations: [...declaredUnits, ...own],
        declared: conflicts.flatMap(({ judge, nominee }) => (judge === name ? [nominee] : [])),
      }
    })
  }

  /** Accepted nominees of an award by code, with every school that each is or has been of in the course of the year. */
  async judged(award: Award): Promise<Map<string, JudgedNominee>> {
    const where = "AND award = ? AND state = 'accepted' ORDER BY id"
    const rows = await this.frame.store.rows('space_award_nomination', where, [award.name])
    const isSchool = award.subject === 'school'
    const ofYear = await this.schoolsOfYear(isSchool ? [] : rows.map(({ nominee }) => nominee))
    return new Map(
      rows.map(({ nominee: code, school }) => {
        const now = this.frame.nominee(award, code)?.school
        const codes = new Set([school, ...(now === undefined ? [] : [now]), ...(ofYear.get(code) ?? [])])
        const schools = [...codes].map((one) => ({
          code: one,
          name: this.frame.ctx.roster.school(one)?.name ?? one,
        }))
        return [code, { code, schools }]
      }),
    )
  }

  /** The schools of members, by account: now, and whatever the rosters of the scoring year have said. */
  private async schoolsOfYear(accounts: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
    const { roster, schemes } = this.frame.ctx
    const begin = instantOf(schemes.active.period.from)
    const history = await this.frame.ctx.get('imports')?.history(operator, Number.MAX_SAFE_INTEGER)
    const since = history?.ok ? history.value.filter(({ at }) => at >= begin).at(-1)?.id : undefined
    const found = await roster.schoolsSaid(accounts, since ?? 0)
    return new Map(
      accounts.map((account) => {
        const now = roster.member(account)?.school
        return [account, new Set([...(found.get(account) ?? []), ...(now === undefined ? [] : [now])])]
      }),
    )
  }
}
