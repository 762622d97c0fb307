import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HTTP } from '@koishijs/plugin-http'
import * as mock from '@koishijs/plugin-mock'
import type { MockBot } from '@koishijs/plugin-mock'
import { Context, h } from 'koishi'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { byteLength } from '@space-assistant/core/delivery/split'
import { operator } from '@space-assistant/core/access/viewer'
import * as gateway from 'koishi-plugin-space-conversation'
import * as identity from 'koishi-plugin-space-access'
import * as importer from 'koishi-plugin-space-importer'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { loadServices, people, recordsFile, rosterFile } from '../imports/app'

let app: Context
let bot: MockBot
let stop: () => Promise<void>
let server: Server
/** What the file server answers by path. */
const files = new Map<string, Uint8Array | 'stall' | 'endless'>()

beforeAll(async () => {
  server = createServer((request, response) => {
    const file = files.get(request.url ?? '')
    if (file === 'stall') return
    if (file === 'endless') {
      const block = Buffer.alloc(2 ** 20)
      const write = () => void response.write(block, (error) => error ?? write())
      return write()
    }
    response.statusCode = file ? 200 : 404
    response.end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(async () => {
  files.clear()
  app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  const database = app.plugin(sqlite, { path: ':memory:' })
  const bots = app.plugin(mock.default, { selfId: '514' })
  app.plugin(HTTP)
  app.plugin(
    gateway,
    gateway.Config({
      maxLength: 4000,
      person: { times: 100, seconds: 60 },
      trustedHosts: '127.0.0.1',
    } as never),
  )
  app.plugin(identity)
  loadServices(app)
  app.plugin(importer, { maxMegabytes: 2, patienceSeconds: 1 })
  await app.start()
  await new Promise<void>((done) =>
    app.inject(['imports', 'access', 'conversation', 'scoreboard'], () => done()),
  )
  await app.model.prepared()
  bot = app.bots[0] as unknown as MockBot
  stop = async () => {
    bots.dispose()
    database.dispose()
    await app.stop()
  }
  await app.access.grants.give(
    { platform: 'mock', selfId: '514', userId: 'staff' },
    { kind: 'staff', label: '电教馆' },
  )
})
afterEach(() => stop())

async function say(text: string, user = 'staff', group?: string): Promise<string> {
  return (await bot.client(user, group).receive(text)).map((reply) => h.unescape(reply)).join('\n---\n')
}

function fileElement(bytes: Uint8Array, name = '导出.xlsx', path = `/${files.size}`): string {
  files.set(path, bytes)
  const { port } = server.address() as AddressInfo
  return h('file', { src: `http://127.0.0.1:${port}${path}`, title: name }).toString()
}

describe('/导入', () => {
  it('asks for the file, shows the preview, stores after a yes', async () => {
    expect(await say('/导入')).toContain('请在 5 分钟内发送文件')
    const preview = await say(
      fileElement(rosterFile([...people, ['003', 'x', 'y', 'z', '校长', '']]), '2022春名册.xlsx'),
    )
    expect(preview.replace(/\d{4}(?=”)/, 'N')).toBe(
      [
        '名册“2022春名册”预览：',
        '3 行看懂，1 行不能用。',
        '人员：新增 3，变更 0（其中调动 0），不变 0。',
        '学校：新增 2，变更 0，不变 0。',
        '不能用的行：',
        '第 5 行 “角色”：不认识角色“校长”，可以填：管理员、教师。',
        '保存请发送“确认 N”（不能用的行会跳过），放弃请发送“取消”。',
      ].join('\n'),
    )
    expect(app.roster.members()).toHaveLength(0)
    expect(await say('确认')).toBe(
      '导入完成（1 号）：3 行，5 处有变化，跳过 1 行。如有误，发送“/导入 撤销 1”。',
    )
    expect(app.roster.members()).toHaveLength(3)
  })

  it('takes a file together with the command, and a kind and date', async () => {
    await say(`/导入 名册 ${fileElement(rosterFile())}`)
    await say('/导入 确认')
    const csv = Buffer.from('账号,总分\nt1,88.5\n')
    expect(await say(`/导入 ${fileElement(csv)}`)).toContain('没有截止日期')
    expect(await say(`/导入 报表 2022年5月31日 ${fileElement(csv)}`)).toContain('1 人、0 所学校的平台得分')
    expect(await say('／导入 确认')).toContain('导入完成（2 号）')
  })

  it('waiting swallows no command and no talk, and a no means no', async () => {
    await say('/导入')
    expect(await say('/导入 历史')).toBe('还没有导入过文件。')
    expect(await say('今天天气不错')).not.toContain('导入')
    expect(await say(fileElement(rosterFile()))).toContain('名册')
    expect(await say('/导入 历史')).toBe('还没有导入过文件。')
    expect(await say('等一下')).not.toContain('导入完成')
    expect(await say('取消')).toBe('已放弃，没有保存任何内容。')
    expect(await say('/导入 确认')).toBe('没有等待确认的导入。请先发送“/导入”和文件。')
    expect(app.roster.members()).toHaveLength(0)
  })

  it('waiting for a file ends with a no', async () => {
    await say('/导入')
    expect(await say('取消')).toBe('已放弃，没有保存任何内容。')
    expect(app.roster.members()).toHaveLength(0)
  })

  it('a table that staff send in private is looked at without a command, a picture or a stranger’s is not', async () => {
    expect(await say(fileElement(rosterFile(), '名册.xlsx'))).toContain('名册“名册”预览：')
    expect(await say('取消')).toBe('已放弃，没有保存任何内容。')
    expect(await say(fileElement(rosterFile(), '名册.docx'))).not.toContain('预览')
    expect(await say(fileElement(rosterFile(), '名册.xlsx'), 'somebody')).not.toContain('预览')
  })

  it('names the command line in the history', async () => {
    const preview = await app.imports.preview({ name: '名册.csv', bytes: rosterFile(), by: '' }, operator)
    if (preview.ok) await app.imports.confirm(preview.value.id, operator)
    expect(await say('/导入 历史')).toMatch(/名册 名册 3 行 命令行\n/)
  })

  it('history and undo', async () => {
    await say(`/导入 ${fileElement(rosterFile(), '名册.csv')}`)
    expect(await say('好的')).toContain('请发送“确认')
    await say('确认')
    expect(await say('/导入 历史')).toMatch(/^最近的导入：\n1 号 \d+-\d+ 名册 名册 3 行 .+\n撤销请发送/)
    expect(await say('/导入 撤销 7')).toContain('没有 7 号导入')
    expect(await say('/导入 撤销')).toMatch(
      /^要撤销的是：\n1 号 .* 名册 名册 3 行 .+\n撤销请发送“确认 1”，不撤销请发送“取消”。$/,
    )
    expect(await say('取消')).toBe('好的，1 号导入没有撤销。')
    expect(app.roster.members()).toHaveLength(3)
    await say('/导入 撤销 1')
    expect(await say('确认 1')).toBe('已撤销 1 号导入（名册）。之后的其他导入不受影响。')
    await expect.poll(() => app.roster.members()).toEqual([])
    expect(await say('/导入 历史')).toContain('（已撤销）')
  })

  it('many refused rows fit one message, and the rest can be asked for', async () => {
    await say(`/导入 ${fileElement(rosterFile())}`)
    await say('确认')
    const rows = Array.from({ length: 300 }, (_, i) => [
      `nobody-${i}`.padEnd(40, 'x'),
      '空间登录',
      '2022-03-09',
      1,
    ])
    const preview = await say(
      `/导入 ${fileElement(recordsFile(['t1', '空间登录', '2022-03-09', 1], ...rows))}`,
    )
    expect(preview).toContain('第 3 行 “账号”：名册里没有账号')
    expect(preview).toContain('……还有 295 行')
    expect(byteLength(preview)).toBeLessThanOrEqual(1800)
    const problems = await say('/导入 问题')
    expect(problems.split('\n').length).toBeGreaterThan(12)
    expect(byteLength(problems)).toBeLessThanOrEqual(1800)
    expect(await say('/导入 确认')).toContain('跳过 300 行')
    const rowsIn = (text: string) => [...text.matchAll(/^第 (\d+) 行/gm)].map(([, row]) => Number(row))
    const told = rowsIn(problems)
    let page = problems
    while (page.includes('再发送“/导入 问题”接着看')) {
      page = await say('/导入 问题')
      expect(byteLength(page)).toBeLessThanOrEqual(1800)
      told.push(...rowsIn(page))
    }
    expect(told).toEqual(rows.map((_, index) => index + 3))
    expect(rowsIn(await say('/导入 问题'))[0]).toBe(3)
  })

  it('the same file again is nothing new', async () => {
    await say(`/导入 ${fileElement(rosterFile())}`)
    await say('确认')
    const again = await say(`/导入 ${fileElement(rosterFile())}`)
    expect(again).toMatch(/同一个文件在 \d+-\d+ 导入过（1 号）。\n没有新内容，不需要导入。/)
    expect(await say('/导入 确认')).toContain('没有新内容')
  })
})

describe('who and what is refused', () => {
  it('others than staff, and staff where others read along', async () => {
    const file = fileElement(rosterFile())
    expect(await say(`/导入 ${file}`, 'somebody')).toContain('只有工作专班可以导入')
    expect(await say(`/导入 ${file}`, 'staff', 'exchange')).toContain('请私聊我')
    expect(app.roster.members()).toHaveLength(0)
  })

  it('somebody else cannot say yes', async () => {
    await say(`/导入 ${fileElement(rosterFile())}`)
    expect(await say('确认', 'somebody')).not.toContain('导入完成')
    expect(await say('/导入 确认', 'somebody')).toContain('只有工作专班')
  })

  it.each<[string, () => string, string]>([
    [
      'a file that is gone',
      () => h('file', { src: `http://127.0.0.1:${(server.address() as AddressInfo).port}/none` }).toString(),
      '没有下载成功',
    ],
    [
      'a file on the disk of the bot',
      () => h('file', { src: 'file:///etc/passwd' }).toString(),
      '没有下载成功',
    ],
    [
      'a file of another machine of this network that no setting names',
      () => h('file', { src: 'http://10.9.8.7:3000/a.xlsx' }).toString(),
      '（10．9．8．7:3000），出于安全默认不取。请管理机器人的人把这个地址写进 .env 的 ATTACHMENT_HOSTS',
    ],
    ['a file that never ends', () => fileElement('endless' as never), '超过 2 MB'],
    ['a file over the limit', () => fileElement(new Uint8Array(3 * 2 ** 20)), '超过 2 MB'],
    ['a picture', () => fileElement(Buffer.from('89504e470d0a1a0a', 'hex')), '这不是表格文件'],
    ['words that mean nothing', () => '怎么用', '不明白“怎么用”'],
  ])('%s', async (_, file, sentence) => {
    expect(await say(`/导入 ${file()}`)).toContain(sentence)
  })

  it('a file inside the message, as the sandbox sends it', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ['001', '实验小学', '张三', `t${i}`, '教师', ''])
    const src = `data:text/csv;base64,${Buffer.from(rosterFile(rows)).toString('base64')}`
    expect(await say(`/导入 ${h('file', { src, title: 'a.csv' }).toString()}`)).toContain('人员：新增 500')
  })
})
