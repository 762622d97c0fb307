import { describe, expect, it } from 'vitest'
import { heldOutFile, judgeFile, sharesOf, utteranceFiles } from './judging'

describe.each([...utteranceFiles, heldOutFile] as const)('the labelled utterances of %s', (file) => {
  const all = judgeFile(file)

  it('are understood, and hardly one wrongly', () => {
    const shares = sharesOf(all)
    expect(shares.right).toBeGreaterThanOrEqual(0.92)
    expect(shares.wrong).toBeLessThanOrEqual(0.02)
  })

  it('have no chatter that is answered', () => {
    expect(sharesOf(all).chatterAnswered).toBeLessThanOrEqual(0.005)
  })

  it('have follow-ups that change what was asked before', () => {
    expect(sharesOf(all).followUpsRight).toBeGreaterThanOrEqual(0.85)
  })
})
