// Every refusal of a file or of a configuration, once in chat and once on the command line, word for word: these are
// the sentences that a teacher reads.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, deflateRawSync } from 'node:zlib'
import { rosterCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { root, space } from '../cli/space'
import { bookParts, csv, sheetXml, xlsx, zip } from '../formats/fixture'
import { Bot } from './bot'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 })

const district = makeDistrict()
const { account } = district.members.at(-1)!
const header = ['账号', '指标', '时间', '次数']
const row = [account, '空间登录', '2022-03-09', 1]
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a', 'hex')

/** More than 2 GB of sheet in a few MB: a flushed piece of the stream may stand there as often as one likes. */
function bomb(): Uint8Array {
  const piece = (text: string) => deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH })
  const line = `<row><c t="inlineStr"><is><t>${'0123456789'.repeat(70)}</t></is></c></row>`
  const block = line.repeat(1400)
  const start = sheetXml([header, row]).replace('</sheetData></worksheet>', '')
  const times = Math.ceil((2.1 * 2 ** 30) / block.length)
  const body = Array<Buffer>(times).fill(piece(block))
  const sheet = Buffer.concat([piece(start), ...body, deflateRawSync('</sheetData></worksheet>')])
  return zip(bookParts('', { 'xl/worksheets/sheet1.xml': sheet }), { unpacked: 1000 })
}

type Made = Uint8Array | Promise<Uint8Array>

/** Files of which nothing is taken. */
const refused: [string, () => Made, string][] = [
  ['照片', () => png, '这不是表格文件。请导入 .xlsx、.xls 或 .csv。'],
  [
    '另一种压缩包',
    () => zip({ 'word/document.xml': '<x/>' }),
    '这不是表格文件。请导入 .xlsx、.xls 或 .csv。',
  ],
  [
    '网页',
    () => Buffer.from('<html><table><tr><td>账号</td></tr></table></html>'),
    '找不到表头。第一行应是列名，例如：账号、指标、时间。',
  ],
  ['空文件', () => Buffer.alloc(0), '文件是空的。请重新导出后再导入。'],
  ['只有表头', () => csv(header), '只有表头，没有数据。请重新导出后再导入。'],
  [
    '没有表头',
    () => csv(['甲', '乙'], [1, 2]),
    '找不到表头。第 1 行看到的是：甲、乙；需要的列名例如：账号、指标、时间。',
  ],
  [
    '缺列',
    () => csv(['账号', '指标'], [account, '空间登录']),
    '看起来是行为明细（表头在第 1 行，认出了：账号、指标），但缺少必需的列：时间。',
  ],
  [
    '三百列',
    () => xlsx([...header, ...Array.from({ length: 296 }, (_, i) => `列${i}`)], row),
    '表格超过 200 列。请删去不用的列。',
  ],
  ['解压炸弹', bomb, '文件解开后超过 400 MB，不像是正常的导出。请分成几个文件。'],
]

/** Files with a good row and a wrong one: what is said of the wrong one. */
const problems: [string, () => Made, string][] = [
  [
    '指标写错',
    () => csv(header, row, [account, '空间登陆', '2022-03-09', 1]),
    '第 3 行 “指标”：没有叫“空间登陆”的指标，请核对名称。是不是“空间登录”？',
  ],
  [
    '账号不在名册',
    () => csv(header, row, ['nobody9', '空间登录', '2022-03-09', 1]),
    '第 3 行 “账号”：名册里没有账号“nobody9”。请核对；新来的人请先导入名册。',
  ],
  [
    '日期不在年内',
    () => csv(header, row, [account, '空间登录', '2021-03-09', 1]),
    '第 3 行 “时间”：2021-03-09 不在计分周期 2022-01-01 至 2022-12-31 之内，不计分。请核对日期。',
  ],
  [
    '没有这一天',
    () => csv(header, row, [account, '空间登录', '2022-02-30', 1]),
    '第 3 行 “时间”：“2022-02-30”不是看得懂的日期，请写成 2022-03-09 或 2022-03-09 08:00。',
  ],
  [
    '负数',
    () => csv(header, row, [account, '空间登录', '2022-03-09', -3]),
    '第 3 行 “次数”：“-3”是负数，请改成 0 或更大的数。',
  ],
  [
    '公式',
    () =>
      zip(
        bookParts(sheetXml([header, row, [account, '空间登录', '2022-03-09', '<c><f>1+1</f><v>2</v></c>']])),
      ),
    '第 3 行 “次数”：单元格里是公式，公式的结果不一定可靠。请复制后“选择性粘贴为数值”再导入。',
  ],
]

let bot: Bot
let shell: Bot
beforeAll(async () => {
  const roster = Buffer.from([...rosterCsv(district)].join(''))
  const make = async () => {
    const made = await Bot.create({ scheme: 'xinzhou-2022' })
    const file = join(made.dataDir, 'roster.csv')
    writeFileSync(file, roster)
    expect(await made.space('import', file, '--yes')).toMatchObject({ code: 0 })
    return made
  }
  // The bot holds its database alone, so the command line has one of its own.
  shell = await make()
  bot = await make()
  const { stdout } = await bot.space('staff', '陈主任')
  await bot.start()
  await bot.whisper('20001', `/绑定 ${stdout.trim()}`)
})
afterAll(async () => {
  await bot.close()
  await shell.close()
})

/** The command and the file in one message; staff in turn would be held back after 20 in a minute. */
async function send(name: string, bytes: Uint8Array): Promise<string> {
  const patience = { text: '/导入', wait: 60_000, count: 1 }
  const [said = ''] = await bot.qq.whisperFile('20001', { name: `${name}.xlsx`, bytes }, patience)
  if (!said.startsWith('文件较大，正在读取')) return said
  const more = bot.qq.delivered.length
  return vi.waitUntil(() => bot.qq.delivered[more]?.text, 60_000)
}

async function give(name: string, bytes: Uint8Array) {
  const file = join(shell.dataDir, `${name}.xlsx`)
  writeFileSync(file, bytes)
  return shell.space('import', file, '--yes')
}

describe('a file of which nothing can be taken', () => {
  it.each(refused)('%s', async (name, made, sentence) => {
    const bytes = await made()
    expect(await send(name, bytes)).toBe(sentence)
    const { code, stdout, stderr } = await give(name, bytes)
    expect({ code, stdout, stderr: stderr.trim() }).toEqual({
      code: 1,
      stdout: '',
      stderr: `${join(shell.dataDir, `${name}.xlsx`)}: ${sentence}`,
    })
  })
})

describe('a row that cannot be taken, beside one that can', () => {
  it.each(problems)('%s', async (name, made, sentence) => {
    const bytes = await made()
    const preview = await send(name, bytes)
    expect(preview.split('\n')).toContain(sentence)
    expect(preview).toContain('1 行看懂，1 行不能用。')
    const { code, stdout } = await give(name, bytes)
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.trim())).toContain(sentence)
  })

  it('alone is a refusal, and nothing waits for a yes', async () => {
    const bytes = csv(header, ['nobody9', '空间登录', '2022-03-09', 1])
    expect((await send('全错', bytes)).split('\n').at(-1)).toBe(
      '没有一行能用，不会导入。请按上面的提示改好文件，再发一次。',
    )
    expect(await bot.whisper('20001', '/导入 历史')).toMatch(/^最近的导入：\n1 号 .* 名册 /)
    const { code, stderr } = await give('全错', bytes)
    expect([code, stderr.trim()]).toEqual([1, '没有一行能用，什么也没有改动。请按上面的提示改好文件再导入。'])
  })
})

describe('a scheme', () => {
  const mistakes: [string, (text: string) => string, RegExp][] = [
    [
      'with a tab',
      (text) => text.replace('\n    cap:', '\n\tcap:'),
      /第 \d+ 行: 这一行里有制表符（Tab），yml 只能用空格缩进$/m,
    ],
    [
      'whose phase ends before it begins',
      (text) => text.replace('    to: 2022-06-10', '    to: 2022-05-10'),
      /第 \d+ 行 phases\[1\]\.to: 结束日期 2022-05-10 早于开始日期 2022-06-01；允许的是：与开始同日或更晚$/m,
    ],
    [
      'whose cap has no period',
      (text) => text.replace('{ times: 5, per: week }', '{ times: 5 }'),
      /第 \d+ 行 indicators\[\d+\]\.cap\.per: 缺少这一项；允许的是：day、week、month、year、period$/m,
    ],
  ]
  it.each(mistakes)('%s', async (_, spoil, sentence) => {
    const folder = join(shell.dataDir, 'config')
    cpSync(join(root, 'config'), folder, { recursive: true })
    const file = join(folder, 'schemes/xinzhou-2022.yml')
    writeFileSync(file, spoil(readFileSync(file, 'utf8')))
    const { code, stderr, stdout } = await space(['check', folder])
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toMatch(/1 处需要修改。/)
    expect(code).toBe(1)
  })
})
