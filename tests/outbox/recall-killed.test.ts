import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDoomed } from '../faults/doomed'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import type { Job, Words } from './recall.process'

const script = join(import.meta.dirname, 'recall.process.ts')
const groups = Array.from({ length: 12 }, (_, at) => String(201 + at))
/** Whether what hung when the process died was taken back all the same, kill by kill. */
const kills = [true, false, true, true, false]

let folder: string
let fakeQq: FakeQq
let fakeOneBot: FakeOneBot

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'space-recall-'))
  fakeQq = await startFakeQq({ proactive: groups })
  fakeOneBot = await startFakeOneBot()
})
afterEach(async () => {
  await fakeQq.close()
  await fakeOneBot.close()
  rmSync(folder, { recursive: true })
})

async function run(recall: boolean, doom?: Promise<unknown>): Promise<Words> {
  const targets = groups.flatMap((channelId) => [
    { platform: 'onebot', selfId: fakeOneBot.selfId, channelId },
    { platform: 'qq', selfId: fakeQq.selfId, channelId },
  ])
  const job: Job = {
    ...{ path: join(folder, 'space.db'), targets, recall },
    onebot: { ...fakeOneBot.config, responseTimeout: 60_000 },
    qq: { ...fakeQq.config, timeout: 60_000 },
  }
  const said = await runDoomed(script, [JSON.stringify(job)], doom)
  const lines = said.split('\n').slice(0, -1)
  return Object.assign({ found: 0 }, ...lines.map((line) => JSON.parse(line) as object)) as Words
}

/** The third message that a process wants back hangs on both platforms; resolves when it does. */
function hangTheThird(delivered: boolean): Promise<unknown> {
  const third = (begin: (isThird: () => boolean) => void) =>
    new Promise<void>((resolve) => {
      let calls = 0
      begin(() => ++calls === 3 && (resolve(), true))
    })
  return Promise.all([
    third((isThird) => {
      fakeOneBot.fault = ({ action }) =>
        action === 'delete_msg' && isThird() ? { kind: 'stall', delivered } : undefined
    }),
    third((isThird) => {
      fakeQq.fault = ({ method }) =>
        method === 'DELETE' && isThird() ? { kind: 'stall', delivered } : undefined
    }),
  ])
}

test('taking back that is killed again and again forgets no message, and asks again only for what was under way', async () => {
  await run(false)
  expect([fakeOneBot.delivered.length, fakeQq.delivered.length]).toEqual([groups.length, groups.length])
  for (const [at, delivered] of kills.entries()) {
    const { found, end } = await run(true, hangTheThird(delivered))
    expect([found, end]).toEqual([at ? 2 * groups.length : 0, undefined])
  }
  fakeOneBot.fault = () => undefined
  fakeQq.fault = () => undefined
  const { end } = await run(true)
  expect(fakeOneBot.recalled.sort()).toEqual(fakeOneBot.delivered.map(({ id }) => id).sort())
  expect(fakeQq.recalled.sort()).toEqual(fakeQq.delivered.map(({ id }) => id).sort())
  const asked = [
    fakeOneBot.calls.filter(({ action }) => action === 'delete_msg').length,
    fakeQq.calls.filter(({ method }) => method === 'DELETE').length,
  ]
  expect(asked).toEqual([groups.length + kills.length, groups.length + kills.length])
  // Where the answer was lost nobody can tell a message that is gone from one that may not be taken back.
  const count = (state: string) => Object.values(end ?? {}).filter((each) => each === state).length
  const lost = 2 * kills.filter(Boolean).length
  expect([count('done'), count('unknown')]).toEqual([2 * groups.length - lost, lost])
}, 120_000)
