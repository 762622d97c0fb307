export const objectionStates = ['received', 'investigating', 'upheld', 'rejected'] as const
export type ObjectionState = (typeof objectionStates)[number]

export const objectionRefusals = [
  'objection-closed',
  'answer-needed',
  'name-needed',
  'contact-needed',
] as const
export type ObjectionRefusal = (typeof objectionRefusals)[number]

export type ObjectionResult = { ok: true; state: ObjectionState } | { ok: false; code: ObjectionRefusal }

/** Whether an objection may come to a state; it is closed for good with an answer. */
export function stepObjection(from: ObjectionState, to: ObjectionState, answer = ''): ObjectionResult {
  if (from === 'upheld' || from === 'rejected') return { ok: false, code: 'objection-closed' }
  if ((to === 'upheld' || to === 'rejected') && !answer.trim()) return { ok: false, code: 'answer-needed' }
  if (to === 'received') return { ok: false, code: 'objection-closed' }
  return { ok: true, state: to }
}

/** An objection is named: the real name of a person or unit, and how to reach it. */
export function checkObjector({
  name,
  contact,
}: {
  name: string
  contact: string
}): ObjectionRefusal | undefined {
  if (name.trim().length < 2) return 'name-needed'
  return contact.trim().length < 5 ? 'contact-needed' : undefined
}

/** Whether it still holds up the decision. */
export function isObjectionOpen(state: ObjectionState): boolean {
  return state === 'received' || state === 'investigating'
}
