import { conflictOf } from '@space-assistant/core/awards/conflict'
import type { JudgedNominee, PanelJudge } from '@space-assistant/core/awards/conflict'
import { tallySheets, totalOf } from '@space-assistant/core/awards/tally'
import type { NomineeSheets, RubricResult } from '@space-assistant/core/awards/tally'
import type { Award } from '@space-assistant/core/scheme/scheme'
import type { AwardFrame, AwardNominee } from './frame'

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
    const [rows, points, nominations, panel] = await Promise.all([
      store.rows('space_award_sheet', "AND state = 'submitted'"),
      store.rows('space_award_point'),
      store.rows('space_award_nomination', "AND state = 'accepted' ORDER BY id"),
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
      const own = nominations.filter((one) => one.award === award.name)
      const sheets = own.map((row) => {
        const given = rows.filter(
          ({ award: name, nominee }) => name === award.name && nominee === row.nominee,
        )
        const judged = this.judged(award, row)
        const counted = given.flatMap(({ judge }) => {
          const member = byId.get(judge)
          if (!member || conflictOf(member, judged)) return []
          return { judge, points: pointsOf.get(JSON.stringify([judge, award.name, row.nominee])) ?? [] }
        })
        return { nominee: row.nominee, sheets: given.length, counted }
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
    return judges.map(({ name, account }) => {
      const school = account ? ctx.roster.member(account)?.school : undefined
      const own = units.flatMap(({ judge, unit }) => (judge === name ? [unit] : []))
      return {
        id: name,
        ...(account && { account }),
        affiliations: school === undefined ? own : [...own, school],
        declared: conflicts.flatMap(({ judge, nominee }) => (judge === name ? [nominee] : [])),
      }
    })
  }

  /** A nominee with the school that it is of now and that of its nomination. */
  judged(award: Award, { nominee, school }: { nominee: string; school: string }): JudgedNominee {
    const now = this.frame.nominee(award, nominee)?.school
    const codes = new Set([school, ...(now === undefined ? [] : [now])])
    const schools = [...codes].map((code) => ({
      code,
      name: this.frame.ctx.roster.school(code)?.name ?? code,
    }))
    return { code: nominee, schools }
  }
}
