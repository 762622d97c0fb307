import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readHowTo } from '../../src/howto/entries'
import { checkHowTo } from '../../src/howto/facts'
import { HowToSearch } from '../../src/howto/search'
import { loadScheme } from '../../src/scheme/loader'
import { ConfigError, describeConfigProblem } from '../../src/scheme/problem'
import type { Scheme } from '../../src/scheme/scheme'
import { files, howTo } from './howto'

const folder = resolve(import.meta.dirname, '../../config/schemes')
const schemes = readdirSync(folder).map((name): Scheme => {
  const read = loadScheme(readFileSync(resolve(folder, name), 'utf8'), `config/schemes/${name}`)
  if (!read.ok) throw new ConfigError(read.problems)
  return read.value
})
const about = howTo.entries.filter(({ indicator }) => indicator)

describe('the entries of config/how-to', () => {
  it('cover every indicator of both schemes with the figures of the scheme', () => {
    expect(checkHowTo(howTo, schemes).map((problem) => describeConfigProblem(problem))).toEqual([])
    expect(about).toHaveLength(31)
  })

  it.each(about.map((entry) => [entry.indicator!, entry] as const))(
    '%s: the answer says where it is done and its figures',
    (name, entry) => {
      const { facts = {}, answer } = entry
      const text = answer.replace(/\s+/g, '')
      expect(text.startsWith(name)).toBe(true)
      expect(text).toMatch(/管理中心|教学空间|学习空间|人人通空间|空间网盘|相册|班班通/)
      if (facts.points) expect(text).toContain(`${facts.points}分`)
      for (const { points } of facts.streak ?? []) expect(text).toContain(`每天${points}分`)
      const times = {
        day: /一天(最多|只)计一次/,
        week: /每周最多计(\d+)/,
        month: /每月(\d+)/,
        year: /一年计一次/,
        period: /整个周期计一次/,
      }
      if (facts.cap) {
        const match = times[facts.cap.per].exec(text)
        expect(match, text).not.toBeNull()
        if (facts.cap.per === 'week') expect(match![1]).toBe(String(facts.cap.times))
      }
      if (facts.target && facts.target.per !== 'period') {
        expect(text).toContain(`任务是每${facts.target.per === 'week' ? '周' : '月'}${facts.target.times}次`)
      }
      const bounds = Object.entries({ ...facts.requirement?.all, ...facts.requirement?.any })
      for (const [attribute, { min, max }] of bounds) {
        // All four parts of a profile and "with students" are said in words.
        if (attribute === 'items' || min === 1) continue
        expect(text).toContain(String(min ?? max))
      }
    },
  )

  it('name no command that is not there', () => {
    const plugins = resolve(folder, '../../plugins')
    const declared = readdirSync(plugins).flatMap((plugin) => {
      const file = resolve(plugins, plugin, 'words.json')
      if (!existsSync(file)) return []
      const { command, help, commands } = JSON.parse(readFileSync(file, 'utf8')) as {
        command?: string
        /** The command of the conversation itself; elsewhere a list of help lines. */
        help?: unknown
        commands?: Record<string, string>
      }
      return [
        ...(command ? [command] : []),
        ...(typeof help === 'string' ? [help] : []),
        ...Object.values(commands ?? {}),
      ]
    })
    const named = howTo.entries.flatMap(({ answer }) =>
      [...answer.matchAll(/(?<!\p{Script=Han})\/(\p{Script=Han}+)/gu)].map(([, command]) => command),
    )
    expect(named).toContain('反馈')
    expect([...new Set(named)].filter((command) => !declared.includes(command!))).toEqual([])
  })

  it('have several phrasings each, none given twice within a scheme, and no link', () => {
    for (const entry of howTo.entries) {
      expect(entry.questions.length, entry.id).toBeGreaterThanOrEqual(3)
      expect(entry.answer).not.toMatch(/https?:|www\.|\.[a-z]{2,}/)
    }
    for (const { id } of schemes) {
      const asked = howTo.entries
        .filter(({ scheme }) => !scheme || scheme === id)
        .flatMap(({ questions }) => questions)
      expect(asked.filter((question, index) => asked.indexOf(question) !== index)).toEqual([])
    }
  })
})

describe('mistakes are named with file and path', () => {
  const cases: [string, string, string, string, string][] = [
    ['an unknown key', 'common.yml', 'answer:', 'anwser:', 'entries[0].anwser'],
    ['an id twice', 'common.yml', 'id: week', 'id: binding', 'entries[5].id'],
    ['an id of another file', 'common.yml', 'id: week', 'id: xinzhou-login', 'entries[0].id'],
    ['a cap per fortnight', 'xinzhou-2022.yml', 'per: week', 'per: fortnight', 'entries[3].facts.cap.per'],
    ['a threshold of 5', 'search.yml', 'threshold: 0.5', 'threshold: 5', 'threshold'],
    ['a synonym in two lists', 'search.yml', '[班班通,', '[班班通, 登陆,', 'synonyms'],
  ]
  it.each(cases)('%s', (_, name, from, to, path) => {
    const changed = files.map((file) =>
      file.file.endsWith(name) ? { ...file, text: file.text.replace(from, to) } : file,
    )
    expect(changed).not.toEqual(files)
    const read = readHowTo(changed)
    const problem = read.ok ? undefined : read.problems.find((one) => one.path.includes(path))
    expect(problem).toBeDefined()
    expect(describeConfigProblem(problem!)).toMatch(/^config\/how-to\/.*第 \d+ 行/)
  })

  it('points that staff changed in the scheme but not here are found', () => {
    const changed = schemes.map((scheme) => ({
      ...scheme,
      indicators: scheme.indicators.map((one) =>
        one.name === '课件制作' ? { ...one, rule: { kind: 'action' as const, points: 8 } } : one,
      ),
    }))
    const problems = checkHowTo(howTo, changed)
    expect(problems.map(({ code, params }) => [code, params['given'], params['permitted']])).toEqual([
      ['how-to-differs', '10', '8'],
      ['how-to-differs', '{"per":"week","times":1}', '-'],
    ])
  })

  it('an indicator without an entry, an entry without an indicator, a scheme that is not there', () => {
    const [entry] = howTo.entries.filter(({ id }) => id === 'xinzhou-login')
    const lost = {
      ...howTo,
      entries: howTo.entries.map((one) => (one === entry ? { ...one, indicator: '签到' } : one)),
    }
    expect(checkHowTo(lost, schemes).map(({ code }) => code)).toEqual(['not-permitted', 'how-to-missing'])
    const elsewhere = {
      ...howTo,
      entries: [
        ...howTo.entries,
        { ...entry!, scheme: 'wuhan-2030', source: { file: 'other.yml', path: '' } },
      ],
    }
    expect(checkHowTo(elsewhere, schemes)).toMatchObject([
      { code: 'not-permitted', params: { given: 'wuhan-2030' } },
    ])
  })

  it('a scheme without entries and a folder without files are no mistakes; then a person answers', () => {
    const read = readHowTo([])
    expect(read.ok && checkHowTo(read.value, schemes)).toEqual([])
    expect(read.ok && new HowToSearch(read.value, 'xinzhou-2022').ask('空间登录怎么计分').kind).toBe('person')
    expect(checkHowTo(howTo, [...schemes, { ...schemes[0]!, id: 'new-2030' }])).toEqual([])
  })

  it('search.yml is needed', () => {
    const read = readHowTo(files.filter(({ file }) => !file.endsWith('search.yml')))
    expect(read).toMatchObject({ ok: false, problems: [{ code: 'no-such-file' }] })
  })
})
