import { describe, expect, it } from 'vitest'
import { pointsAt } from '@space-assistant/core/scoring/meter'

describe('a day of a run', () => {
  const steps = [
    { from: 2, points: 1 },
    { from: 4, points: 3 },
  ]
  it.each([
    ['before the first step', 1, 0],
    ['on which a step begins', 2, 1],
    ['between two steps', 3, 1],
    ['on which the last step begins', 4, 3],
    ['behind it', 50, 3],
  ])('%s', (_, run, points) => {
    expect(pointsAt(steps, run)).toBe(points)
  })
})
