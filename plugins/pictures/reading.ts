import type { Day } from '@space-assistant/core/calendar/day'
import { schoolOfViewer, townsOf } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { QuestionReader } from '@space-assistant/core/ranking/question'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import { Vocabulary } from '@space-assistant/core/ranking/question-vocabulary'
import type { Context } from 'koishi'
import type { PictureAsk, PictureKind, PictureServices } from './ask'
import words from './words.json'

/** Why a text asks for no picture that can be drawn. */
export type UnreadableAsk = 'not-understood' | 'no-own-school' | 'schools-only'

/** The text without the word that asks for a picture; undefined where there is none. */
export function withoutPictureWord(text: string): string | undefined {
  const parts = text.normalize('NFKC').split(/\s+/).filter(Boolean)
  const rest = parts.filter((part) => !words.picture.includes(part))
  if (rest.length < parts.length) return rest.join(' ')
  // Typed without a space behind the rest.
  const last = parts.at(-1) ?? ''
  const ending = [...words.picture]
    .sort((a, b) => b.length - a.length)
    .find((word) => last.length > word.length && last.endsWith(word))
  if (ending === undefined) return undefined
  return [...parts.slice(0, -1), last.slice(0, -ending.length)].join(' ')
}

/** Reads what follows a command as what its picture is about; made again when roster or rules change. */
export class AskReader {
  private reader: QuestionReader | undefined

  constructor(
    ctx: Context,
    private readonly services: PictureServices,
  ) {
    const forget = () => void (this.reader = undefined)
    ctx.on('space/roster-changed', forget)
    ctx.on('space/schemes-changed', forget)
  }

  /** A list of many or the place of one school; undefined for what has no picture, such as one person's place. */
  readRanking(text: string, viewer: Viewer, today: Day): PictureAsk | undefined {
    const question = this.read(text, today)
    const scope = question && this.scopeOf(question, viewer)
    if (!question || !scope) return undefined
    if (question.of !== 'school' || scope.kind !== 'school') return this.askOf('list', question, scope)
    return { ...this.askOf('place', question, { kind: 'district' }), code: scope.code }
  }

  /** One school's trend or report card. */
  readSchool(
    kind: PictureKind,
    { text, viewer, today }: { text: string; viewer: Viewer; today: Day },
  ): PictureAsk | UnreadableAsk {
    const question = this.read(text, today)
    if (!question) return 'not-understood'
    const { given } = question
    if (given.some((part) => !['scope', 'window'].includes(part))) return 'schools-only'
    const own = given.includes('scope') ? question : { ...question, scope: { kind: 'own-school' } as const }
    const scope = this.scopeOf(own, viewer)
    if (scope?.kind === 'school')
      return { ...this.askOf(kind, question, { kind: 'district' }), code: scope.code }
    return own.scope.kind === 'own-school' ? 'no-own-school' : 'schools-only'
  }

  private read(text: string, today: Day): RankingQuestion | undefined {
    const { schemes, roster } = this.services
    this.reader ??= new QuestionReader(
      new Vocabulary({
        ...{ words: schemes.words, scheme: schemes.active, schools: roster.schools() },
        stages: schemes.headers.stages,
      }),
    )
    const result = this.reader.read(text, { today, named: true })
    return result.ok ? result.question : undefined
  }

  private scopeOf({ scope, given }: RankingQuestion, viewer: Viewer): PictureAsk['scope'] | undefined {
    const { place } = viewer
    const school = schoolOfViewer(viewer) ?? (place.kind === 'group' ? place.school : undefined)
    switch (scope.kind) {
      case 'self':
        return undefined
      case 'own-school':
        if (school !== undefined) return { kind: 'school', code: school }
        return given.includes('scope') ? undefined : { kind: 'district' }
      case 'own-town': {
        const own = school === undefined ? undefined : this.services.roster.school(school)?.town
        const town = townsOf(viewer)[0] ?? (place.kind === 'group' ? place.town : undefined) ?? own
        return town === undefined ? undefined : { kind: 'town', town }
      }
      default:
        return scope
    }
  }

  private askOf(
    kind: PictureKind,
    { of, stage, indicators, window }: RankingQuestion,
    scope: PictureAsk['scope'],
  ): PictureAsk {
    return {
      ...{ kind, of, scope, window: { from: window.from, to: window.to } },
      ...(stage !== undefined && { stage }),
      ...(indicators && { indicators }),
    }
  }
}
