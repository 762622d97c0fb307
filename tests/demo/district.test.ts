import { laterMembers, makeDistrict } from '@space-assistant/core/demo/district'
import { describe, expect, it } from 'vitest'

const district = makeDistrict()

describe('the made-up district', () => {
  it('has 12 schools of every stage in 3 towns and 300 members', () => {
    expect(district.schools).toHaveLength(12)
    expect(district.members).toHaveLength(300)
    expect(new Set(district.schools.map(({ town }) => town)).size).toBe(3)
    expect([...new Set(district.schools.map(({ stage }) => stage))].sort()).toEqual(
      ['小学', '初中', '九年一贯制', '高中', '职校', '特校'].sort(),
    )
  })

  it('is the same each time and another one for another seed', () => {
    expect(makeDistrict()).toEqual(district)
    expect(makeDistrict({ seed: 7 }).members[5]!.name).not.toBe(district.members[5]!.name)
  })

  it('has administrators in every school, some of whom teach, and some members who left', () => {
    for (const { code } of district.schools) {
      const own = district.members.filter(({ school }) => school === code)
      expect(own.some(({ roles }) => roles.includes('administrator'))).toBe(true)
    }
    expect(district.members.some(({ roles }) => roles.length === 2)).toBe(true)
    expect(new Set(district.members.map(({ state }) => state))).toEqual(
      new Set(['active', 'retired', 'departed']),
    )
  })

  it('has no account that looks like a phone or identity number', () => {
    for (const { account } of district.members) {
      expect(account).not.toMatch(/^1\d{10}$/)
      expect(account).not.toMatch(/^\d{17}[\dX]$/)
    }
  })

  it('keeps codes, accounts and names of schools apart at 20 times the size', () => {
    const large = makeDistrict({ size: 20 })
    expect(new Set(large.schools.map(({ name }) => name)).size).toBe(240)
    expect(new Set(large.members.map(({ account }) => account)).size).toBe(6000)
  })

  it('later has members who moved or retired, with the same accounts', () => {
    const later = laterMembers(district)
    expect(later.map(({ account }) => account)).toEqual(district.members.map(({ account }) => account))
    expect(
      later.filter((member, index) => member.school !== district.members[index]!.school).length,
    ).toBeGreaterThan(2)
  })
})
