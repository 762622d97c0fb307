import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Dice } from '../formats/dice'
import { everyName, forbiddenNames, matrixPlaces, matrixRoles } from './matrix/people'
import type { MatrixPlace } from './matrix/people'
import { namedQuestions, plainQuestions } from './matrix/questions'
import type { MatrixQuestion } from './matrix/questions'
import { MatrixWorld, userOf } from './matrix/world'
import type { Heard } from './matrix/world'

// The suite asks one question in sixty; `npm run visibility` asks all.
const oneIn = Number(process.env['ONE_IN'] ?? 60)
const seed = Number(process.env['SEED'] ?? 1)
vi.setConfig({ testTimeout: 240_000 + 7_200_000 / oneIn, hookTimeout: 120_000 })

const counts = { answers: 0, pairs: 0 }
const faults: string[] = []
let world: MatrixWorld

beforeAll(async () => {
  const now = new Date('2022-05-18T09:00:00+08:00')
  vi.useFakeTimers({ toFake: ['Date'], now, shouldAdvanceTime: true })
  world = await MatrixWorld.start()
})
afterAll(async () => {
  await world.stop()
  vi.useRealTimers()
  if (process.env['ONE_IN'])
    process.stdout.write(`${counts.answers} answers, ${counts.pairs} pairs of names\n`)
})

interface Asking {
  role: string
  place: string
}

/** Names in what was heard that must not be read there; a name that the question holds may come back, without figures. */
function leaksIn(heard: readonly Heard[], { role, place }: Asking, { text }: MatrixQuestion): string[] {
  const who = matrixRoles[role] ?? { knows: () => false }
  return heard.flatMap((one) => {
    const here: MatrixPlace = one.where === 'private' ? {} : (matrixPlaces[place] ?? {})
    const names = forbiddenNames(who, here).filter((name) => one.text.includes(name))
    return names.filter((name) => !text.includes(name) || /\d(?:\.\d+)?\s*分/.test(one.text))
  })
}

async function answer(asking: Asking, question: MatrixQuestion, quiet = 150): Promise<Heard[]> {
  const { role, place } = asking
  const heard = await world.ask(userOf(role, place), matrixPlaces[place] ?? {}, question.text, quiet)
  counts.answers++
  const where = `${role}, ${place}: ${question.text}`
  if (!heard.length) faults.push(`silence: ${where}`)
  for (const name of leaksIn(heard, asking, question))
    faults.push(`${name}: ${where} -> ${heard.map(({ text }) => text).join(' | ')}`)
  return heard
}

/** Somebody whom the asker may not know and nobody at all are answered alike. */
async function answerBoth(asking: Asking, pair: readonly [MatrixQuestion, MatrixQuestion]): Promise<void> {
  counts.pairs++
  const same = (heard: readonly Heard[], { about = '' }: MatrixQuestion) =>
    heard.map(({ where, text }) => `${where}: ${text.replaceAll(about, 'NAME')}`).join('\n')
  const ask = async (quiet?: number) => {
    const [first, second] = [await answer(asking, pair[0], quiet), await answer(asking, pair[1], quiet)]
    return [same(first, pair[0]), same(second, pair[1])]
  }
  let [real, made] = await ask()
  if (!isSecret(asking, pair[0])) return
  // On a busy machine a private answer may come after the next question.
  if (real !== made) [real, made] = await ask(2500)
  if (real !== made) faults.push(`${asking.role}, ${asking.place}: ${pair[0].text}\n  ${real}\n  ${made}`)
}

function isSecret({ role }: Asking, { about = '' }: MatrixQuestion): boolean {
  return forbiddenNames(matrixRoles[role] ?? { knows: () => false }, {}).includes(about)
}

describe('nobody reads the name of somebody whom he may not know', () => {
  it('whoever asks what, where and how', async () => {
    await Promise.all(
      Object.keys(matrixPlaces).map(async (place, at) => {
        const dice = new Dice(seed * 100 + at)
        const isAsked = () => dice.oneIn(oneIn)
        for (const role of Object.keys(matrixRoles)) {
          for (const question of plainQuestions) if (isAsked()) await answer({ role, place }, question)
          for (const pair of namedQuestions) if (isAsked()) await answerBoth({ role, place }, pair)
        }
      }),
    )
    expect(faults).toEqual([])
    expect(counts.answers).toBeGreaterThan(6000 / oneIn)
  })

  it('because staff do read them in private', async () => {
    const heard = await answer({ role: 'staff', place: 'private' }, { text: '/排名 全区 教师' })
    expect(everyName.some((name) => heard.some(({ text }) => text.includes(name)))).toBe(true)
  })
})
