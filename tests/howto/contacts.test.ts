import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadContacts } from '@space-assistant/core/howto/contacts'

const file = readFileSync(join(__dirname, '../../config/contacts.yml'), 'utf8')
const codes = (text: string) => {
  const read = loadContacts(text, 'contacts.yml')
  return read.ok ? [] : read.problems.map(({ code, path }) => `${code} ${path}`)
}

describe('contacts', () => {
  it('are there for both schemes, each with a way or whom to ask', () => {
    const read = loadContacts(file, 'contacts.yml')
    expect(read.ok && read.value.map(({ scheme }) => scheme)).toEqual(['shishou-2021', 'xinzhou-2022'])
  })

  it("refuse a person's mobile number", () => {
    expect(codes(file.replace('027-87826587', '138 0013 8000'))).toEqual([
      'not-permitted contacts[0].platform.phone',
    ])
  })

  it('refuse a contact that says nothing', () => {
    expect(codes(file.replace(/\n {6}qq: .*/, ''))).toEqual(['missing contacts[0].group.ask'])
  })
})
