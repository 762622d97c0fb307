import { givenGrants, groupPurposes } from '@space-assistant/core/access/viewer'
import type { GivenGrant, GroupPurpose } from '@space-assistant/core/access/viewer'
import type { IntentOf } from '@space-assistant/core/understanding/intent'
import { looksLikeCode, readBindingCode } from './secret'
import words from './words.json'

export { words }

/** What somebody wants of the binding command. */
export type BindWish =
  | { kind: 'view' | 'unbind' | 'unlink' | 'another' | 'requests' | 'people' }
  | { kind: 'unbind-member'; name: string; school?: string }
  | { kind: 'confirm' | 'refuse' | 'revoke'; ids: number[] }
  | { kind: 'no-number' }
  /** Meant as a code, but none can look like this. */
  | { kind: 'no-code' }
  | { kind: 'codes'; school?: string }
  | { kind: 'grant'; grant: GivenGrant; label: string; town?: string }
  | { kind: 'no-grant' }
  | { kind: 'code'; code: string }
  | { kind: 'request'; name: string; school: string; hint?: string }
  | { kind: 'no-school' }

/** What somebody wants of the group command. */
export type GroupWish =
  | { kind: 'view' | 'list' | 'clear' }
  | { kind: 'set'; purpose: GroupPurpose; of?: string; name?: string }
  /** How staff call the group; empty: no name any more. */
  | { kind: 'name' | 'robot'; name: string }
  | { kind: 'unknown' }

/** Understands what follows the binding command. */
export function parseBind(text: string): BindWish {
  const [first, ...rest] = split(text)
  if (first === undefined || words.bind.view.includes(first)) return { kind: 'view' }
  const is = (list: readonly string[]) => list.includes(first)
  if (is(words.bind.confirm)) return numbered('confirm', rest)
  if (is(words.bind.refuse)) return numbered('refuse', rest)
  if (is(words.bind.revoke)) return numbered('revoke', rest)
  if (is(words.bind.another)) return { kind: 'another' }
  if (is(words.bind.requests)) return { kind: 'requests' }
  if (is(words.bind.people)) return { kind: 'people' }
  if (is(words.bind.codes)) return { kind: 'codes', ...(rest.length && { school: rest.join(' ') }) }
  if (is(words.bind.unbind)) return parseUnbind(rest)
  if (is(words.bind.grant)) return parseGrant(rest)
  const code = readBindingCode(text)
  if (code !== undefined) return { kind: 'code', code }
  if (looksLikeCode(text)) return { kind: 'no-code' }
  const [name = '', school, hint] = text.split(between).filter(Boolean)
  if (school === undefined) return { kind: 'no-school' }
  return { kind: 'request', name, school, ...(hint !== undefined && { hint }) }
}

/** Understands what follows the group command. */
export function parseGroup(text: string): GroupWish {
  const [first, ...rest] = split(text)
  if (first === undefined) return { kind: 'view' }
  if (words.group.list.includes(first)) return { kind: 'list' }
  if (words.group.clear.includes(first)) return { kind: 'clear' }
  if (words.group.name.includes(first)) return { kind: 'name', name: rest.join(' ') }
  if (words.group.robot.includes(first)) return { kind: 'robot', name: rest.join(' ') }
  const purpose = groupPurposes.find((each) => words.group[each].includes(first))
  if (!purpose) return { kind: 'unknown' }
  const at = rest.findIndex((word) => words.group.name.includes(word))
  const of = at < 0 ? rest : rest.slice(0, at)
  const name = at < 0 ? [] : rest.slice(at + 1)
  return {
    kind: 'set',
    purpose,
    ...(of.length && { of: of.join(' ') }),
    ...(name.length && { name: name.join(' ') }),
  }
}

const between = new RegExp(`[\\s${words.between}]+`)
const onlyNumbers = new RegExp(`^[\\d\\s${words.between}${words['around-numbers']}]+$`)

function split(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

/** One number or several, with the marks that people put around and between them. */
function numbered(kind: 'confirm' | 'refuse' | 'revoke', rest: string[]): BindWish {
  const text = rest.join(' ').normalize('NFKC')
  const numbers = text.match(/\d+/g) ?? []
  const clear = onlyNumbers.test(text) && numbers.every((digits) => digits.length <= 12)
  return clear && numbers.length ? { kind, ids: [...new Set(numbers.map(Number))] } : { kind: 'no-number' }
}

function parseUnbind([name, school]: string[]): BindWish {
  if (name === undefined || words.bind.view.includes(name)) return { kind: 'unbind' }
  if (words.bind.another.includes(name)) return { kind: 'unlink' }
  return { kind: 'unbind-member', name, ...(school !== undefined && { school }) }
}

function parseGrant([word, ...rest]: string[]): BindWish {
  const grant = givenGrants.find((each) => word !== undefined && words.grants[each].includes(word))
  const [town, ...label] = rest
  if (!grant || town === undefined) return { kind: 'no-grant' }
  if (grant !== 'town') return { kind: 'grant', grant, label: rest.join(' ') }
  return { kind: 'grant', grant, town, label: label.join(' ') || town }
}

/** The text of the group command for a sentence; what a group is for is set only where the sentence says it plainly. */
export function groupTextOf({ ask, text }: IntentOf<'groups'>, sentence: string): string {
  const [list = ''] = words.group.list
  const [clear = ''] = words.group.clear
  if (ask === 'remove') return clear
  if (ask !== 'set') return list
  if (text !== undefined) return text
  if (words.group.not.some((word) => sentence.includes(word))) return ''
  const said = groupPurposes.flatMap((purpose) =>
    words.group[purpose].filter((word) => sentence.includes(word)),
  )
  return said.sort((a, b) => b.length - a.length)[0] ?? ''
}
