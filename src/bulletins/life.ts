/** The states of a bulletin; `dropped` was given up before it was published. */
export const bulletinStates = [
  'drafted',
  'edited',
  'submitted',
  'approved',
  'scheduled',
  'published',
  'corrected',
  'dropped',
] as const
export type BulletinState = (typeof bulletinStates)[number]

export const bulletinActs = [
  'edit',
  'refresh',
  'submit',
  'return',
  'approve',
  'schedule',
  'publish',
  'drop',
] as const
export type BulletinAct = (typeof bulletinActs)[number]

/** Why something cannot be done to a bulletin; each has a sentence that says what to do instead. */
export const bulletinRefusals = [
  'already-published',
  'already-dropped',
  'not-submitted',
  'already-submitted',
  'not-approved',
  'own-bulletin',
  'too-early',
  'data-changed',
  'content-changed',
  'data-too-old',
] as const
export type BulletinRefusal = (typeof bulletinRefusals)[number]

/** What the next step depends on. Times are milliseconds since 1970. */
export interface BulletinStanding {
  state: BulletinState
  /** Who wrote and who submitted it, as keys of persons. */
  author: string
  submitter: string
  submittedAt: number
  /** Of what it says now, and of what was approved; empty while nothing is. */
  content: string
  approvedContent: string
  /** Of the data that its numbers are from, and of those that are stored now. */
  data: string
  newestData: string
  /** Working days since the last day with data. */
  age: number
}

export interface BulletinActor {
  /** A person, however many chat accounts. */
  person: string
  now: number
}

export interface BulletinRules {
  /** Data of more working days ago make no bulletin. */
  maxAge: number
  /** After so long the submitter may approve: for bureaus of one person; 0 is never. */
  selfApproveMs: number
}

export type BulletinStep =
  | { ok: true; state: BulletinState }
  | { ok: false; code: BulletinRefusal; params: Record<string, string | number> }

/** The state after an act, or why it cannot be done. Approval holds for one content and one state of the data. */
export function stepBulletin(
  bulletin: BulletinStanding,
  act: BulletinAct,
  { actor, rules }: { actor: BulletinActor; rules: BulletinRules },
): BulletinStep {
  const { state } = bulletin
  if (state === 'published' || state === 'corrected') return refuseBulletin('already-published')
  if (state === 'dropped') return refuseBulletin('already-dropped')
  switch (act) {
    case 'edit':
      return stepTo('edited')
    case 'refresh':
      return stepTo(state === 'drafted' ? 'drafted' : 'edited')
    case 'drop':
      return stepTo('dropped')
    case 'submit':
      return submitStep(bulletin, rules)
    case 'return':
      return state === 'submitted' || isApproved(state) ? stepTo('edited') : refuseBulletin('not-submitted')
    case 'approve':
      return approveStep(bulletin, actor, rules)
    case 'schedule':
    case 'publish':
      return publishStep(bulletin, act, rules)
  }
}

/** Whether it may be published as it is. */
export function isApproved(state: BulletinState): boolean {
  return state === 'approved' || state === 'scheduled'
}

function submitStep(bulletin: BulletinStanding, rules: BulletinRules): BulletinStep {
  const { state } = bulletin
  if (state === 'submitted' || isApproved(state)) return refuseBulletin('already-submitted')
  return dataRefusal(bulletin, rules) ?? stepTo('submitted')
}

function approveStep(bulletin: BulletinStanding, actor: BulletinActor, rules: BulletinRules): BulletinStep {
  if (bulletin.state !== 'submitted') {
    return refuseBulletin(isApproved(bulletin.state) ? 'already-submitted' : 'not-submitted')
  }
  const own = [bulletin.author, bulletin.submitter].includes(actor.person)
  if (own && rules.selfApproveMs === 0) return refuseBulletin('own-bulletin')
  const rest = bulletin.submittedAt + rules.selfApproveMs - actor.now
  if (own && rest > 0) return refuseBulletin('too-early', { minutes: Math.ceil(rest / 60_000) })
  return dataRefusal(bulletin, rules) ?? stepTo('approved')
}

function publishStep(
  bulletin: BulletinStanding,
  act: 'schedule' | 'publish',
  rules: BulletinRules,
): BulletinStep {
  if (!isApproved(bulletin.state)) return refuseBulletin('not-approved')
  if (bulletin.content !== bulletin.approvedContent) return refuseBulletin('content-changed')
  return dataRefusal(bulletin, rules) ?? stepTo(act === 'publish' ? 'published' : 'scheduled')
}

function dataRefusal(
  { data, newestData, age }: BulletinStanding,
  rules: BulletinRules,
): BulletinStep | undefined {
  if (data !== newestData) return refuseBulletin('data-changed')
  return age > rules.maxAge ? refuseBulletin('data-too-old', { age, most: rules.maxAge }) : undefined
}

const stepTo = (state: BulletinState): BulletinStep => ({ ok: true, state })

const refuseBulletin = (
  code: BulletinRefusal,
  params: Record<string, string | number> = {},
): BulletinStep => ({
  ...{ ok: false, code, params },
})
