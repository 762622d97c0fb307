import { decideAccess, known as isKnown, strangerRefusal } from '@space-assistant/core/access/visibility'
import { isStaff } from '@space-assistant/core/access/viewer'
import type { IntentWhom } from '@space-assistant/core/understanding/intent'
import type { Member } from '@space-assistant/core/roster/member'
import type { RankingContext } from './frame'
import type { Refusal } from '@space-assistant/core/access/outcome'
import { wholeOf } from './frame'
import words from './words.json'

/** Whom a text names, and what is left of it (window, indicator, page). */
export type Whom = { member: Member | undefined; rest: string } | { refusal: Refusal }

/**
 * Finds a name among the words of a text. Only those whose figures the asker may know are found, so that nobody
 * learns from an answer who is in the roster of another school.
 */
export function whomOf(frame: RankingContext, text: string): Whom {
  const { viewer } = frame
  const tokens = text.split(/\s+/).filter(Boolean)
  const visible = (token: string) =>
    membersOf(frame, token).filter((member) => {
      return decideAccess(viewer, { kind: 'member-figures', member: wholeOf(frame, member) }).allowed
    })
  const self = tokens.findIndex((token) => words.self.includes(token))
  const named = tokens.filter((token) => visible(token).length > 0)
  if (named.length > (self < 0 ? 1 : 0)) return { refusal: { code: 'two-people', params: {} } }
  if (self >= 0) return { member: undefined, rest: without(tokens, [self]) }
  // A name that the asker may not know is an unknown word like any other, whatever else is wrong with the question.
  const at = isKnown(viewer) ? tokens.findIndex((token) => visible(token).length > 0) : -1
  const given = tokens[at]
  if (given === undefined) return { member: undefined, rest: tokens.join(' ') }
  const known = visible(given)
  const hinted = tokens.findIndex(
    (token, i) => i !== at && known.some((member) => fits(frame, member, token)),
  )
  const hint = tokens[hinted]
  const found = hint === undefined ? known : known.filter((member) => fits(frame, member, hint))
  const [member] = found
  if (!member) return { refusal: nobody(frame, given) }
  if (found.length > 1) return { refusal: { code: 'namesakes', params: { count: found.length } } }
  return { member, rest: without(tokens, [at, hinted]) }
}

/** Members of a name, also with a title behind it. */
function membersOf({ ctx }: RankingContext, token: string): Member[] {
  const found = ctx.roster.findMembers(token)
  const title = found.length ? undefined : words.titles.find((each) => token.endsWith(each))
  return title === undefined ? found : ctx.roster.findMembers(token.slice(0, -title.length))
}

/** Longest name that may be taken for a school's, or a school's for it. */
const NAME = 4

/**
 * Where a name is expected, an unknown word is most likely one. Who asks must not see from the answer whether somebody
 * of that name is in the roster, so it is the same as for a name that is.
 */
export function strange(frame: RankingContext, { code, params }: Refusal, text: string): Refusal {
  if (!code.startsWith('unknown-')) return { code, params }
  const given = String(params['given'])
  const length = Array.from(given).length
  if (code === 'unknown-word-near' ? length >= NAME : code.startsWith('unknown-school') && length > NAME)
    return { code, params }
  if (!isKnown(frame.viewer)) return { code: strangerRefusal(frame.viewer), params: {} }
  return nobody(frame, text.split(/\s+/).find((token) => token.toLowerCase().includes(given)) ?? given)
}

/** The sentence for a name that is not found: the same whether it exists elsewhere or not. */
function nobody({ viewer }: RankingContext, text: string): Refusal {
  const given = Array.from(text).slice(0, 10).join('')
  return { code: isStaff(viewer) ? 'nobody' : 'nobody-here', params: { given } }
}

/** The member of a name that the asker may know of; undefined when no person is named. */
export function memberOf(frame: RankingContext, whom: IntentWhom | undefined) {
  if (!whom?.startsWith('person:')) return undefined
  if (!isKnown(frame.viewer)) return { refusal: { code: strangerRefusal(frame.viewer), params: {} } }
  const found = whomOf(frame, whom.slice('person:'.length))
  if ('refusal' in found) return found
  const given = whom.slice('person:'.length)
  return found.member ? { member: found.member } : { refusal: { code: 'nobody-here', params: { given } } }
}

function fits({ ctx }: RankingContext, member: Member, hint: string): boolean {
  if (member.subject === hint || (hint.length >= 3 && member.account.endsWith(hint))) return true
  const schools = ctx.roster.findSchools(hint)
  return schools.length === 1 && schools[0]?.code === member.school
}

const without = (tokens: string[], drop: number[]) => tokens.filter((_, i) => !drop.includes(i)).join(' ')
