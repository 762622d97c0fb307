// Every role in every state with every question, against the rules as the page of rights has them.
import { describe, expect, it } from 'vitest'
import { decideAwardAccess } from '@space-assistant/core/awards/rights'
import type { AwardRequest } from '@space-assistant/core/awards/rights'
import { awardRoundStates } from '@space-assistant/core/awards/round'
import type { AwardRoundState } from '@space-assistant/core/awards/round'
import type { ConversationPlace, Viewer } from '@space-assistant/core/access/viewer'

const viewers = {
  stranger: { grants: [] },
  staff: { grants: [{ kind: 'staff' }] },
  support: { grants: [{ kind: 'support' }] },
  'own town': { grants: [{ kind: 'town', town: '城关镇' }] },
  'other town': { grants: [{ kind: 'town', town: '新堤镇' }] },
  'own administrator': { account: 'a1', grants: [{ kind: 'administrator', school: 'S1', account: 'a1' }] },
  'other administrator': { account: 'a2', grants: [{ kind: 'administrator', school: 'S2', account: 'a2' }] },
  'the teacher': { account: 't1', grants: [{ kind: 'teacher', school: 'S1', account: 't1' }] },
  colleague: { account: 't2', grants: [{ kind: 'teacher', school: 'S1', account: 't2' }] },
  'other teacher': { account: 't3', grants: [{ kind: 'teacher', school: 'S2', account: 't3' }] },
  judge: { grants: [{ kind: 'judge', account: '' }] },
  'judge in staff': { grants: [{ kind: 'judge', account: '' }, { kind: 'staff' }] },
} satisfies Record<string, Omit<Viewer, 'place'>>
type Role = keyof typeof viewers

const places: Record<string, ConversationPlace> = {
  private: { kind: 'private' },
  'group of staff': { kind: 'group', purpose: 'staff' },
  'exchange group': { kind: 'group', purpose: 'exchange' },
}

const school = { school: 'S1', town: '城关镇', stage: '小学' }
const requests: Record<string, AwardRequest> = {
  'conditions of the school': { kind: 'conditions', of: school },
  'conditions of the teacher': { kind: 'conditions', of: { ...school, account: 't1' } },
  steer: { kind: 'steer' },
  'nominate the teacher': { kind: 'nominate', nominee: { ...school, account: 't1' } },
  'nominate of a high school': { kind: 'nominate', nominee: { ...school, town: '别镇', stage: '高中' } },
  judge: { kind: 'judge' },
  results: { kind: 'results' },
  exhibition: { kind: 'exhibition' },
  object: { kind: 'object' },
}

const steering: Role[] = ['staff', 'judge in staff']
const published: AwardRoundState[] = ['publicity', 'decided', 'commended', 'exhibited']
const secret: AwardRoundState[] = ['judging', 'tallied']
const ofSchool: Role[] = ['own town', 'own administrator', 'the teacher', 'colleague']
const ofTeacher: Role[] = ['own town', 'own administrator', 'the teacher']

/** Whether it is allowed, in the words of the rules. */
function isAllowed(role: Role, place: string, state: AwardRoundState, question: string): boolean {
  const isAmongStaff = place !== 'exchange group'
  const leads = steering.includes(role) && isAmongStaff
  switch (question) {
    case 'steer':
      return leads
    case 'conditions of the school':
      return leads || (!secret.includes(state) && [...ofSchool, ...steering].includes(role))
    case 'conditions of the teacher':
      return leads || (!secret.includes(state) && [...ofTeacher, ...steering].includes(role))
    case 'nominate the teacher':
      return role === 'own town' && place === 'private'
    case 'nominate of a high school':
      return role === 'own administrator' && place === 'private'
    case 'judge':
      return role === 'judge' && place === 'private'
    case 'results':
      return published.includes(state)
    case 'exhibition':
      return state === 'exhibited'
    default:
      return state === 'publicity'
  }
}

describe.each(Object.keys(places))('in %s', (place) => {
  it.each(Object.keys(viewers) as Role[])('%s may what the rules say in every state', (role) => {
    const viewer: Viewer = { ...viewers[role], place: places[place] ?? { kind: 'private' } }
    for (const state of awardRoundStates) {
      for (const [question, request] of Object.entries(requests)) {
        const { allowed } = decideAwardAccess(viewer, request, { state, nominatingStages: ['高中'] })
        expect([state, question, allowed]).toEqual([state, question, isAllowed(role, place, state, question)])
      }
    }
  })
})
