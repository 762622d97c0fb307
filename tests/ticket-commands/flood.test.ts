import * as mysql from 'koishi-plugin-space-mysql'
import * as sqlite from 'koishi-plugin-space-sqlite'
import type { Context } from 'koishi'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchMariaDB } from '../database/mariadb'
import type { MariaDB } from '../database/mariadb'
import { numberIn, startApp } from './app'
import type { TestApp } from './app'
import { groups, numbersRead, people, reportText } from './flood'

const reports = Number(process.env['REPORTS'] ?? 1000)

let server: MariaDB
let test: TestApp
const dir = mkdtempSync(join(tmpdir(), 'space-flood-'))

beforeAll(async () => {
  server = await launchMariaDB()
})
afterEach(() => test.stop())
afterAll(async () => {
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

const databases: [string, () => Promise<(app: Context) => { dispose(): unknown }>][] = [
  ['SQLite', () => Promise.resolve((app) => app.plugin(sqlite, { path: join(dir, 'flood.db') }))],
  [
    'MariaDB',
    async () => {
      const settings = await server.database()
      return (app) => app.plugin(mysql, settings)
    },
  ],
]

describe('1,000 reports in a minute', () => {
  it.each(databases)(
    'are all taken on %s: each has a number, support hears of each, once',
    async (_, open) => {
      test = await startApp({ dir, database: await open(), limited: true })
      await test.group('gs', 'support')
      const started = Date.now()
      const replies = await Promise.all(
        Array.from({ length: reports }, (_, i) =>
          test.say(`p${i % people}`, reportText(i), `g${i % groups}`),
        ),
      )
      const seconds = (Date.now() - started) / 1000
      process.stdout.write(`${reports} reports in ${seconds.toFixed(1)} s\n`)
      const numbers = replies.map(numberIn)
      expect(replies.filter((reply) => !/#\d/.test(reply))).toEqual([])
      expect(new Set(numbers).size).toBe(reports)
      expect(await test.app.database.get('space_ticket', {}, ['number'])).toHaveLength(reports)
      expect(await test.app.database.get('space_ticket_event', {}, ['ticket'])).toHaveLength(reports)
      await test.app.tickets.tick(new Date(Date.now() + 3_600_000))
      const cards = await cardsOf(test)
      const read = numbersRead(cards)
      expect(read.sort((a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b))
      expect(cards.length).toBeLessThan(120)
    },
    240_000,
  )
})

describe('two processes on one database', () => {
  it('give no number twice, and support hears of each report once', async () => {
    const settings = await server.database()
    const database = (app: Context) => app.plugin(mysql, settings)
    test = await startApp({ database })
    await test.group('gs', 'support')
    const other = await startApp({ database })
    const replies = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        (i % 2 ? test : other).say(`p${i}`, reportText(i), `g${i}`, {
          messageId: `message ${i}`,
        }),
      ),
    )
    await other.stop()
    const numbers = replies.map(numberIn).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 120 }, (_, i) => 1001 + i))
    await test.app.tickets.tick(new Date(Date.now() + 3_600_000))
    const read = numbersRead(await cardsOf(test))
    expect(read.sort((a, b) => a - b)).toEqual(numbers)
  }, 60_000)
})

describe('two helpers at once', () => {
  it('wait for each other on MariaDB too: no answer is lost, one of them has it', async () => {
    const settings = await server.database()
    test = await startApp({ dir, database: (app) => app.plugin(mysql, settings) })
    await test.group('gs', 'support')
    await test.grant('helper', 'support')
    await test.grant('second', 'support')
    const number = numberIn(await test.say('li', '/反馈 页面打不开', 'g1'))
    const answers = Array.from({ length: 12 }, (_, i) => `答复${String.fromCharCode(65 + i)}`)
    const takes = await Promise.all([
      ...['helper', 'second'].map((who) => test.say(who, `/接单 ${number}`, 'gs')),
      ...answers.map((text, i) =>
        test.say(`${i % 2 ? 'helper' : 'second'}`, `/回复 ${number} ${text}`, 'gs'),
      ),
    ])
    expect(takes.slice(0, 2).filter((reply) => reply.includes('由您受理')).length).toBeLessThanOrEqual(1)
    for (const text of answers) await test.next('g1', text)
  }, 60_000)
})

/** What support has been sent. */
async function cardsOf({ app }: TestApp): Promise<string[]> {
  const letters = await app.database.get('space_message', { kind: 'ticket', channel: 'gs' }, ['content'])
  return letters.map(({ content }) => content)
}
