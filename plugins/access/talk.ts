import type { Translate } from '@space-assistant/core/text/translate'
import type { School } from '@space-assistant/core/roster/member'
import type { Context, Session } from 'koishi'
import type { Outcome, Refusal } from '@space-assistant/core/access/outcome'

/** What a command's answer is made with. */
export interface AccessDialogue {
  ctx: Context
  session: Session
  say: Translate
}

/** The sentence of a refusal. */
export const accessRefusal = (say: Translate, { code, params }: Refusal) =>
  say(`space-access.refusal.${code}`, params)

/** The school that a text names, or the sentence why there is none. */
export function chooseSchool(
  { ctx, say }: Pick<AccessDialogue, 'ctx' | 'say'>,
  text: string,
): Outcome<School> {
  const found = ctx.roster.findSchools(text)
  const [school] = found
  if (school && found.length === 1) return { ok: true, value: school }
  const near = found.length ? found : ctx.roster.suggestSchools(text)
  const names = near.slice(0, 3).map((each) => each.name)
  const code = found.length ? 'several-schools' : near.length ? 'unknown-school-near' : 'unknown-school'
  return { ok: false, code, params: { text: shorten(text), names: names.join(say('space-access.and')) } }
}

const shorten = (text: string) => Array.from(text).slice(0, 20).join('')
