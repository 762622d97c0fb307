import { describe, expect, it } from 'vitest'
import { readAside } from '@space-assistant/core/access/aside'
import { objectionToLinking } from '@space-assistant/core/access/link-code'
import type { ConversationPlace, Viewer } from '@space-assistant/core/access/viewer'

const inPrivate: ConversationPlace = { kind: 'private' }
const ofSchool: ConversationPlace = { kind: 'group', purpose: 'school', school: 'S1' }
const exchange: ConversationPlace = { kind: 'group', purpose: 'exchange' }
const bound = (place: ConversationPlace): Viewer => ({ account: '1', grants: [{ kind: 'staff' }], place })

it.each<[string, Viewer, string | undefined]>([
  ['somebody known in private gets one', bound(inPrivate), undefined],
  ['nobody gets one where others read along', bound(exchange), 'private-only'],
  ['not even in the own group', bound(ofSchool), 'private-only'],
  ['a stranger has nothing to link', { grants: [], place: inPrivate }, 'not-bound'],
])('a link code: %s', (_, viewer, objection) => {
  expect(objectionToLinking(viewer)).toBe(objection)
})

describe('an answer with names', () => {
  it.each<[string, ConversationPlace, string | undefined, boolean]>([
    ['stays where only the asker reads', inPrivate, 'S1', false],
    ["stays in the school's own group", ofSchool, 'S1', false],
    ['leaves the group of another school', ofSchool, 'S2', true],
    ['leaves a group of many schools', exchange, 'S1', true],
    ['leaves any group when it is about several schools', ofSchool, undefined, true],
  ])('%s', (_, place, school, aside) => {
    const reader = { viewer: bound(place), aside: false }
    readAside(reader, school)
    expect([reader.aside, reader.viewer.place]).toEqual([aside, aside ? inPrivate : place])
  })
})
