import { describe, expect, it } from 'vitest'
import { readXlsInProcess } from '../../plugins/imports/xls-process'
import { mutate } from './mutations/mutate'
import { makeOriginals } from './mutations/originals'
import { answerFile } from './mutations/reading'

describe('damaged files of every kind', () => {
  it('are made of files that are read', async () => {
    for (const { kind, bytes } of await makeOriginals())
      expect(await answerFile(bytes), kind).toMatch(/^(records|roster): [1-9]\d* \+ \d+$/)
  }, 120_000)

  // `npm run mutations` does so with a thousand, and measures time and memory.
  it('are understood or refused with one sentence', async () => {
    const originals = await makeOriginals()
    for (let seed = 1; seed <= 60; seed++) {
      const { kind, done, bytes } = mutate(originals, seed)
      expect(await answerFile(bytes, readXlsInProcess), `seed ${seed}, ${kind}: ${done.join()}`).toMatch(
        /^.+$/,
      )
    }
  }, 120_000)
})
