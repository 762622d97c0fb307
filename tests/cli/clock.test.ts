import { afterEach, expect, it } from 'vitest'
import { setClock } from '../../plugins/cli/clock'

const real = Date
afterEach(() => {
  globalThis.Date = real
})

it('sets the calendar of the process, and time goes on from there', async () => {
  setClock(new Date('2022-05-18T01:30:00Z'))
  expect(new Date().toISOString()).toMatch(/^2022-05-18T01:30:0/)
  expect(Date.now() - new Date().getTime()).toBeGreaterThanOrEqual(0)
  const before = Date.now()
  await new Promise((done) => setTimeout(done, 30))
  expect(Date.now() - before).toBeGreaterThanOrEqual(25)
  expect(Date.now() - before).toBeLessThan(5_000)
})

it('leaves everything else that a date is as it was', () => {
  setClock(new Date('2022-05-18T01:30:00Z'))
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z')
  expect(new Date(2022, 0, 2).getDate()).toBe(2)
  expect(Date.UTC(2022, 0, 1)).toBe(real.UTC(2022, 0, 1))
  expect(new Date()).toBeInstanceOf(Date)
  expect(new real(0)).toBeInstanceOf(Date)
  class Later extends Date {}
  expect(new Later(5).getTime()).toBe(5)
  expect(new Later()).toBeInstanceOf(Later)
  expect(new Later().getFullYear()).toBe(2022)
})
