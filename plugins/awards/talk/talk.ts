import type { Outcome, Refusal } from '@space-assistant/core/access/outcome'
import type { Award } from '@space-assistant/core/scheme/scheme'
import { questionKey } from '@space-assistant/core/text/normalise'
import type { Translate } from '@space-assistant/core/text/translate'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Fragment, Session } from 'koishi'
import type { AwardActor } from '../frame'
import zhCN from '../locales/zh-CN.json'
import type { Awards } from '../service'
import words from '../words.json'

/** One command of the awards in one chat: who speaks, and the texts in their language. */
export interface AwardTalk {
  awards: Awards
  session: Session
  say: Translate
  actor: AwardActor
}

/** Makes a command's answer ready to be given. */
export async function openAwardTalk(awards: Awards, session: Session): Promise<AwardTalk> {
  const viewer = await awards.ctx.access.viewer(session)
  const name = await awards.ctx.access.nameOf(session)
  const { platform, selfId, userId = '' } = session
  const actor = { viewer, name, chat: { platform, selfId, userId } }
  return { awards, session, say: awardTexts(session), actor }
}

/** Texts of this plugin, or of another by their whole key. */
export function awardTexts(session: Session): Translate {
  return (key, params = {}) =>
    h.unescape(session.text(key.startsWith('space-') ? key : `space-awards.${key}`, params))
}

/** The sentence of a refusal, which says what to do next. */
export function awardRefusal({ say }: Pick<AwardTalk, 'say'>, { code, params }: Refusal): string {
  return say(
    Object.hasOwn(zhCN['space-awards'].refusal, code) ? `refusal.${code}` : `space-access.refusal.${code}`,
    params,
  )
}

/** The answer to what has come of something. */
export function tellOutcome<T>(talk: AwardTalk, outcome: Outcome<T>, text: (value: T) => string): Fragment {
  return h.text(outcome.ok ? text(outcome.value) : awardRefusal(talk, outcome))
}

/** Whether a word is one of a list, however it is written. */
export function isWord(list: readonly string[], word: string | undefined): boolean {
  return word !== undefined && list.some((one) => questionKey(one) === questionKey(word))
}

/** Text without tags of the platform, in words. */
export function splitWords(content: string): string[] {
  const text = h.parse(content).flatMap(({ type, attrs }) => {
    const written: unknown = attrs['content']
    return type === 'text' && typeof written === 'string' ? written : ' '
  })
  return text.join('').normalize('NFKC').trim().split(/\s+/).filter(Boolean)
}

/** A number as people write it: 12, #12. */
export function readAwardNumber(word: string | undefined): number | undefined {
  const match = /^#?(\d{1,9})$/.exec(word ?? '')
  return match ? Number(match[1]) : undefined
}

/** The award that a word names: its name, or a part of only one. */
export function findAward({ awards }: AwardTalk, word: string | undefined): Award | undefined {
  if (!word) return undefined
  const key = questionKey(word)
  const all = awards.frame.awards
  const exact = all.find(({ name }) => questionKey(name) === key)
  const near = key.length < 2 ? [] : all.filter(({ name }) => questionKey(name).includes(key))
  return exact ?? (near.length === 1 ? near[0] : undefined)
}

/** The school code that a word names for somebody: the own school, a code, or a name that only one school has. */
export function findSchoolCode({ awards, actor }: AwardTalk, word: string | undefined): string | undefined {
  const { roster } = awards.ctx
  if (!word || isWord(words.ownSchool, word)) return schoolOfViewer(actor.viewer) ?? schoolOfPlace(actor)
  if (roster.school(word)) return word
  const found = roster.findSchools(word)
  return found.length === 1 ? found[0]?.code : undefined
}

function schoolOfPlace({ viewer: { place } }: AwardActor): string | undefined {
  return place.kind === 'group' ? place.school : undefined
}

/** The account that a word names: oneself, an account, or a name that only one active person has, in a school if given. */
export function findAccount(
  { awards, actor }: AwardTalk,
  word: string | undefined,
  school?: string,
): string | undefined {
  const { roster } = awards.ctx
  if (!word || isWord(words.self, word)) return actor.viewer.account
  if (roster.member(word)) return word
  const found = roster.findMembers(word, school).filter(({ state }) => state === 'active')
  return found.length === 1 ? found[0]?.account : undefined
}

/** A nominee of an award as people type it: an account, code or name; a second word may name the school. */
export function findNominee(
  talk: AwardTalk,
  award: Award,
  [first, second]: readonly (string | undefined)[],
): string | undefined {
  if (award.subject === 'school') return findSchoolCode(talk, first)
  const school = second === undefined ? undefined : findSchoolCode(talk, second)
  return findAccount(talk, first, school) ?? findAccount(talk, first)
}
