import type { FailureClass, SendOutcome, ErrorVerdict } from './error'

/**
 * Error codes of the QQ bot platform (`err_code ?? code` of an error body). Source: the official page
 * `v2_groups_group_openid_messages.post` of bot.q.qq.com and public issue reports of 2025 and 2026.
 */
const codes: Record<Exclude<FailureClass, 'network'>, readonly number[]> = {
  'context-expired': [304027, 304103, 40034005, 40034024, 40034025, 40034026, 40034027, 40034031, 40034128],
  'no-permission': [40034102, 40034105, 304064, 40054013],
  rate: [22009, 40034100, 20028, 1100100, 1100308, 100001, 40093002],
  duplicate: [40054005],
  audit: [304023, 304024],
  muted: [40054002, 850018],
  gone: [40034101, 40054003, 40054004, 1100104],
  banned: [11254, 11265, 40054016, 304018],
  content: [
    ...[40034006, 1100101, 40054007, 40054018, 40054010, 304003, 304061, 22006],
    ...[304036, 40034008, 40034009, 40034010, 40034011, 40034124, 40034127], // markdown
    ...[50037, 50054, 50055, 50056, 50057],
    ...[40034029, 305007], // keyboard
  ],
  auth: [11241, 11242, 11243, 11244, 11251, 11261],
  server: [50055001, 50055002, 50055006, 1100300],
}

const classOf = new Map<number, FailureClass>()
for (const [name, list] of Object.entries(codes)) {
  for (const code of list) classOf.set(code, name as FailureClass)
}

/** Codes that concern the whole bot rather than one conversation. */
export const botWideCodes: ReadonlySet<number> = new Set([22009, 100001, 20028])

/** What an answer of the QQ API means; `code` is `err_code ?? code` of its body, when it has one. */
export function judgeQq(status: number, code?: number): ErrorVerdict {
  const known = code === undefined ? undefined : classOf.get(code)
  if (known) return { class: known, outcome: outcomeOf(known) }
  if (status === 429) return { class: 'rate', outcome: 'rejected' }
  if (status === 413) return { class: 'content', outcome: 'rejected' }
  if (status === 401) return { class: 'auth', outcome: 'rejected' }
  // A 5xx without a known code comes from a proxy on the way: the message may have gone through behind it.
  if (status >= 500) return { class: 'server', outcome: 'unknown' }
  return { class: 'server', outcome: 'rejected' }
}

function outcomeOf(name: FailureClass): SendOutcome {
  if (name === 'duplicate' || name === 'audit') return 'delivered'
  return name === 'server' ? 'unknown' : 'rejected'
}

/** What the token endpoint means by HTTP 200 with a code; undefined when the body holds no error. */
export function judgeQqToken(code: number | undefined): ErrorVerdict | undefined {
  if (!code) return
  return { class: code === 100001 ? 'rate' : 'auth', outcome: 'rejected' }
}
