import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Context, Logger } from 'koishi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import Schemes from 'koishi-plugin-space-schemes'

Logger.levels.base = Logger.SILENT

let dir: string
let app: Context

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'space-config-'))
  cpSync(resolve('config'), dir, { recursive: true })
  app = new Context()
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

const edit = (name: string, from: string, to: string) => {
  const text = readFileSync(join(dir, name), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(dir, name), text.replace(from, to))
}

const start = (scheme = 'xinzhou-2022') => {
  app.plugin(Schemes, { scheme, dir })
  return app.schemes
}

describe('ctx.schemes', () => {
  it('gives the active scheme, the others, and the words of files and questions', () => {
    const schemes = start()
    expect(schemes.active.id).toBe('xinzhou-2022')
    expect(schemes.list().map(({ id }) => id)).toEqual(['shishou-2021', 'xinzhou-2022'])
    expect(schemes.get('shishou-2021')?.platform).toBe('湖北教育云')
    expect(schemes.get('nowhere')).toBeUndefined()
    expect(schemes.headers.stages.get('小学')).toBe('小学')
    expect(schemes.words.ask).toContain('排名')
    expect(schemes.calendar.vacations.length).toBeGreaterThan(0)
  })

  it('takes over changed files on reload and tells others', () => {
    const schemes = start()
    let told = 0
    app.on('space/schemes-changed', () => void told++)
    edit('schemes/xinzhou-2022.yml', 'first: 10', 'first: 7')
    expect(schemes.read().schemes[1]?.awards[0]?.conditions[1]).toMatchObject({ first: 7 })
    expect(schemes.active.awards[0]?.conditions[1]).toMatchObject({ first: 10 })
    schemes.reload()
    expect(schemes.active.awards[0]?.conditions[1]).toMatchObject({ first: 7 })
    expect(told).toBe(1)
  })

  it('stays as it was when a reload finds mistakes', () => {
    const schemes = start()
    edit('schemes/xinzhou-2022.yml', 'per: year', 'per: decade')
    expect(() => schemes.reload()).toThrow('写的是“decade”')
    expect(schemes.active.indicators).toHaveLength(17)
  })
})

describe('a start with mistakes throws every one of them', () => {
  const complaint = (scheme?: string) => {
    try {
      new Schemes(app, { scheme: scheme ?? 'xinzhou-2022', dir })
    } catch (error) {
      return (error as Error).message
    }
    return undefined
  }

  it('in schemes, words, calendar and headers at once, with file and line', () => {
    edit('schemes/xinzhou-2022.yml', 'per: year', 'per: decade')
    edit('words.yml', '排行榜,', '本校,')
    edit('calendar.yml', 'holidays: []', 'holidays: [2022-02-30]')
    edit('headers.yml', 'totals:', 'totalz:')
    const lines = complaint()?.split('\n')
    expect(lines).toHaveLength(4)
    expect(lines?.[0]).toMatch(
      /schemes\/xinzhou-2022.yml 第 \d+ 行 indicators\[1\]\.cap\.per: 写的是“decade”/,
    )
    expect(lines?.[1]).toMatch(/words.yml 第 \d+ 行 scopes.own-school\[0\]: “本校”同时写在 ask\[2\]/)
    expect(lines?.[2]).toMatch(/calendar.yml 第 \d+ 行 holidays\[0\]: 写的是“2022-02-30”/)
    expect(lines?.[3]).toMatch(/headers.yml/)
  })

  it('when a name of a scheme is a word of questions', () => {
    edit('schemes/xinzhou-2022.yml', 'name: 校园办公', 'name: 本周')
    expect(complaint()).toMatch(/xinzhou-2022.yml indicators\[16\].name: “本周”同时是 words.yml 里的词/)
  })

  it('when the scheme does not exist, with those that do', () => {
    expect(complaint('wuhan')).toContain('没有这个方案；允许的是：shishou-2021, xinzhou-2022')
  })

  it('when a file or the folder is not there', () => {
    rmSync(join(dir, 'words.yml'))
    expect(complaint()).toContain('words.yml: 没有这个文件')
    rmSync(dir, { recursive: true })
    expect(complaint()).toContain('找不到配置文件夹')
  })
})
