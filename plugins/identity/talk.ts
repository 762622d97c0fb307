import type { School } from '@space-assistant/core/scoring/member'
import type { Context, Session } from 'koishi'
import type { Outcome, Refusal } from '@space-assistant/core/identity/outcome'

/** Text of a message key in plain form: what people typed stays what they typed. */
export type Say = (key: string, params?: object) => string

/** What a command's answer is made with. */
export interface Talk {
  ctx: Context
  session: Session
  say: Say
}

/** The sentence of a refusal. */
export const refusal = (say: Say, { code, params }: Refusal) => say(`space-identity.refusal.${code}`, params)

/** The school that a text names, or the sentence why there is none. */
export function chooseSchool({ ctx, say }: Pick<Talk, 'ctx' | 'say'>, text: string): Outcome<School> {
  const found = ctx.roster.findSchools(text)
  const [school] = found
  if (school && found.length === 1) return { ok: true, value: school }
  const near = found.length ? found : ctx.roster.suggestSchools(text)
  const names = near.slice(0, 3).map((each) => each.name)
  const code = found.length ? 'several-schools' : near.length ? 'unknown-school-near' : 'unknown-school'
  return { ok: false, code, params: { text: shorten(text), names: names.join(say('space-identity.and')) } }
}

const shorten = (text: string) => Array.from(text).slice(0, 20).join('')
