import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { parseFile } from '@space-assistant/core/formats/parse'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { roleByte } from '@space-assistant/core/scoring/lines/people'
import { readRosterLines } from '@space-assistant/core/scoring/lines/roster'
import { takeLines } from '@space-assistant/core/scoring/lines/texts'
import { encodings, header, line } from '../formats/odd-rosters'
import { openEngine } from './engine'

const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'config/headers.yml')
const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const options = { headers, scheme: loaded.value }

async function fast(bytes: Uint8Array) {
  const engine = await openEngine()
  const roster = await readRosterLines(engine, bytes, options)
  if (!roster) return
  const schools = new Map(
    roster.sights.map(({ schoolCode: code, schoolName: name }) => [code, { code, name }]),
  )
  const people = roster.people(schools.values())
  const { words, bytes: memory } = engine
  const [accounts, names] = [takeLines(engine, people.accounts), takeLines(engine, people.names)]
  const members = accounts.map((account, member) => ({
    account,
    name: names[member]!,
    school: people.schools[words[people.schoolOf / 4 + member]!]!.code,
    roles: memory[people.roles + member]!,
  }))
  const found = accounts.map((account) => engine.calls.find(people.accounts.texts, ...lent(engine, account)))
  expect(found).toEqual([...accounts.keys()])
  return { members, sights: said(roster.sights) }
}

function lent(engine: Awaited<ReturnType<typeof openEngine>>, text: string): [number, number] {
  const bytes = Buffer.from(text)
  return [engine.lend(bytes), bytes.length]
}

async function slow(bytes: Uint8Array) {
  const file = await parseFile(bytes, { ...options, kind: 'roster' })
  if (file.kind !== 'roster') throw new Error(file.kind)
  expect(file.problems).toEqual([])
  const members = file.rows.map((row) => {
    const { account, name, schoolCode: school } = row
    return { account, name, school, roles: roleByte(row) }
  })
  return { members, sights: said(file.rows) }
}

/** What is said of each school, in order, without what is only said again. */
function said(
  rows: readonly {
    schoolCode: string
    schoolName: string
    town?: string | undefined
    stage?: string | undefined
  }[],
) {
  const last = new Map<string, string>()
  return rows.flatMap(({ schoolCode, schoolName, town, stage }) => {
    const words = JSON.stringify([schoolName, town, stage])
    if (last.get(schoolCode) === words) return []
    last.set(schoolCode, words)
    return [`${schoolCode} ${words}`]
  })
}

const clean = fc
  .tuple(
    fc.constantFrom('S1', 'S2', '00042', 'S-3'),
    fc.constantFrom('第一小学', '第二中学', '第三小学（北）', 'No. 4'),
    fc.constantFrom('东镇', '西镇', '', '1镇'),
    fc.constantFrom('小学', '完小', '初中', ''),
    fc.constantFrom('张三', '李四', '欧阳娜娜'),
    fc.nat(10_000),
    fc.constantFrom('教师', '管理员、教师', '管理员', ' 教师'),
    fc.constantFrom('在岗', '退休', '', '在职'),
    fc.constantFrom('语文', '数 学', ''),
    fc.constantFrom('是', '否', '√', ''),
  )
  .map((cells) => cells.map((cell) => (typeof cell === 'number' ? `t${cell}` : cell)).join(','))

describe('a roster of plain rows', () => {
  it('says in the engine what the general reader finds in it', async () => {
    let read = 0
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          { weight: 3, arbitrary: fc.array(clean, { minLength: 1, maxLength: 40 }) },
          {
            weight: 1,
            arbitrary: fc.array(fc.oneof({ weight: 6, arbitrary: clean }, line), {
              minLength: 1,
              maxLength: 8,
            }),
          },
        ),
        fc.constantFrom(header, `某区教师名册\n${header}`),
        fc.constantFrom<keyof typeof encodings>('plain', 'bom', 'gbk'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (lines, head, encoding, end, last) => {
          const bytes = encodings[encoding]([head, ...lines].join(end) + (last ? end : ''))
          const quick = await fast(bytes)
          if (!quick) return
          read++
          expect(quick).toEqual(await slow(bytes))
        },
      ),
      { numRuns: 300 },
    )
    expect(read).toBeGreaterThan(60)
  })

  it('is not read as GBK when it is marked as UTF-8 and broken', async () => {
    const gbk = encodings.gbk('A,学校代码,学校名称,姓名,账号,角色\nA,S1,第一小学,张三,t1,教师\n')
    expect(await fast(gbk)).toBeDefined()
    // The mark and the letter are two characters in GBK.
    expect(await fast(Buffer.concat([Uint8Array.of(0xef, 0xbb, 0xbf), gbk]))).toBeUndefined()
  })

  const head = '序号,学校代码,学校名称,姓名,账号,角色'
  const row = '1,S1,第一小学,张三,t1,教师'
  it.each([
    ['is read with columns behind the last one that anybody needs', `${head},备注\n${row},新来 (a)\n`, true],
    ['is not read with a quote anywhere', `${head},备注\n${row},a"b\n`, false],
    [
      'is read with blank rows, without columns that may be missing',
      `${head}\n${row}\n\n,,,,,\n2,S1,第一小学,李四,t2,管理员\n`,
      true,
    ],
    ['is not read with an account that comes twice', `${head}\n${row}\n${row}\n`, false],
    ['is not read with a word that nobody knows', `${head}\n${row}\n2,S1,第一小学,李四,t2,校长\n`, false],
    ['is not read with a sum', `${head}\n${row}\n合计,S1,第一小学,李四,t2,教师\n`, false],
    ['is not read with a line end of old kind', `${head}\n${row}\r2,S1,第一小学,李四,t2,教师\n`, false],
    ['is not read without rows', `${head}\n`, false],
  ])('%s', async (_, text, isRead) => {
    const quick = await fast(Buffer.from(text))
    expect(quick !== undefined).toBe(isRead)
    if (quick) expect(quick).toEqual(await slow(Buffer.from(text)))
  })
})
