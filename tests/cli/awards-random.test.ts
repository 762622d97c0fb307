// Random districts as files through `space awards`, compared with the plain count of the whole output.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../plugins/cli/awards'
import { dayOfText, plainShishou, plainXinzhou } from './awards-plain'
import type { PlainDistrict, PlainMember, PlainSchool, PlainSettings } from './awards-plain'

const ROUNDS = Number(process.env['AWARD_ROUNDS'] ?? 25)
const folder = mkdtempSync(join(tmpdir(), 'space-awards-random-'))
let errors = ''
beforeEach(() => {
  errors = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text)
    return true
  })
})
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const kinds = {
  'xinzhou-2022': {
    ...{ plain: plainXinzhou, from: '2022-01-01', days: 170, to: '2022-12-31' },
    indicators: ['空间登录', '空间登录', '空间登录', '资源建设', '教学成果', '班级组建', '校园办公'],
  },
  'shishou-2021': {
    ...{ plain: plainShishou, from: '2021-12-01', days: 40, to: '2022-06-30' },
    indicators: ['主题教育', '资源上传', '备课', '年级管理', '班级管理', '课程管理'],
  },
} as const
type Kind = keyof typeof kinds

describe.each(Object.keys(kinds) as Kind[])('%s', (kind) => {
  it.each(Array.from({ length: ROUNDS }, (_, at) => at + 1))(
    'is as counted plainly, round %i',
    async (seed) => {
      const random = randomFrom(seed)
      const district = makeDistrict(random, kind)
      const settings: PlainSettings = {
        first: 1 + random(4),
        tie: pick(random, ['include', 'exclude', 'staff'] as const),
        among: pick(random, ['all', 'eligible'] as const),
        until: random(2) ? dayOfText(kinds[kind].from) + 60 + random(60) : dayOfText(kinds[kind].to),
      }
      const output = await runOn(kind, district, settings)
      expect(output, errors).toEqual(kinds[kind].plain(district, settings))
    },
  )
})

async function runOn(kind: Kind, district: PlainDistrict, settings: PlainSettings): Promise<unknown> {
  const write = (name: string, lines: (string | number | null)[][]) => {
    writeFileSync(
      join(folder, name),
      lines.map((cells) => cells.map((one) => one ?? '').join(',')).join('\n'),
    )
    return join(folder, name)
  }
  const source = readFileSync(`config/schemes/${kind}.yml`, 'utf8')
    .replace('first: 10', `first: ${settings.first}`)
    .replace('among: all', `among: ${settings.among}`)
    .replace('tie: staff', `tie: ${settings.tie}`)
  writeFileSync(join(folder, `${kind}.yml`), source)
  const { schools, members, records, nominees, sheets } = district
  const words = { administrator: '管理员', teacher: '教师' }
  const schoolName = (code: string) => schools.find((one) => one.code === code)!.name
  const date = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
  const criteria: Record<string, string[]> = {
    优秀教师空间: ['布局设计', '综合应用', '应用效果', '特色创新'],
    优秀学校空间: ['实名注册', '布局设计', '栏目版块', '内容信息', '空间更新'],
  }
  const files = [
    ...[
      '--roster',
      write('roster.csv', [
        ['学校代码', '学校名称', '姓名', '账号', '角色', '状态', '空间开通'],
        ...members.map(({ school, name, account, roles, active, opened }) => [
          ...[school, schoolName(school), name, account, roles.map((one) => words[one]).join('、')],
          ...[active ? '在岗' : '退休', opened === null ? '' : opened ? '是' : '否'],
        ]),
      ]),
    ],
    ...[
      '--schools',
      write('schools.csv', [
        ['学校代码', '学校名称', '学段', '学生数', '学生开通数'],
        ...schools.map(({ code, name, stage, students, studentsOpened }) => [
          code,
          name,
          stage,
          students,
          studentsOpened,
        ]),
      ]),
    ],
    ...[
      '--records',
      write('records.csv', [
        ['账号', '指标', '时间', '次数'],
        ...records.map(({ account, indicator, day, times }) => [account, indicator, date(day), times]),
      ]),
    ],
  ]
  if (kind === 'xinzhou-2022') {
    files.push(
      '--nominations',
      write('nominations.csv', [
        ['奖项', '对象', '推荐单位'],
        ...Object.entries(nominees).flatMap(([award, list]) => list.map((one) => [award, one, '东镇'])),
      ]),
      '--sheets',
    )
    for (const [award, names] of Object.entries(criteria))
      files.push(
        write(`${award}.csv`, [
          ['奖项', '对象', '评委', '评委单位', ...names],
          ...(sheets[award] ?? []).map(({ nominee, judge, unit, points }) => [
            award,
            nominee,
            judge,
            unit,
            ...points,
          ]),
        ]),
      )
  }
  const out = join(folder, 'out.json')
  const args = [
    '--scheme',
    join(folder, `${kind}.yml`),
    ...files,
    '--as-of',
    date(settings.until),
    '--out',
    out,
  ]
  expect(await run(args), errors).toBe(0)
  expect(errors).toBe('')
  return (JSON.parse(readFileSync(out, 'utf8')) as { awards: unknown }).awards
}

function makeDistrict(random: Random, kind: Kind): PlainDistrict {
  const schools = Array.from({ length: 4 + random(4) }, (_, at): PlainSchool => {
    const students = random(5) ? random(30) : null
    return {
      ...{ code: `S${at}`, name: `第${at}学校`, stage: pick(random, ['小学', '初中', '职校', '高中']) },
      ...{
        students,
        studentsOpened: students === null || !random(6) ? null : students - random(Math.min(students, 4) + 1),
      },
    }
  })
  const members = schools.flatMap(({ code }, at) =>
    Array.from({ length: 2 + random(4) }, (_, one): PlainMember => ({
      ...{ account: `t${at}${one}`, name: `人${at}${one}`, school: code },
      roles: one ? ['teacher'] : random(2) ? ['administrator', 'teacher'] : ['administrator'],
      active: !one || random(6) > 0,
      opened: random(8) ? true : pick(random, [false, null]),
    })),
  )
  const { from, days, indicators } = kinds[kind]
  const seen = new Set<string>()
  const records = Array.from({ length: 150 }, () => ({
    ...{ account: pick(random, members).account, indicator: pick(random, indicators) },
    ...{ day: dayOfText(from) + random(days), times: 1 + random(3) },
  })).filter(({ account, indicator, day }) => {
    const key = `${account} ${indicator} ${day}`
    return !seen.has(key) && seen.add(key)
  })
  // Runs of logins that reach the eighth day and beyond.
  const runner = pick(random, members).account
  if (kind === 'xinzhou-2022')
    for (let at = 0; at < 12; at++) {
      const day = dayOfText('2022-03-05') + at
      if (!seen.has(`${runner} 空间登录 ${day}`))
        records.push({ account: runner, indicator: '空间登录', day, times: 1 })
    }
  const judges = Array.from({ length: 3 + random(4) }, (_, at) => ({
    judge: `评委${at}`,
    unit: pick(random, ['区电教馆', '大学', pick(random, schools).code, pick(random, schools).name]),
  }))
  const teachers = members.filter(({ active, roles }) => active && roles.includes('teacher'))
  const some = (codes: string[]) => codes.filter(() => random(3) > 0).slice(0, 6)
  const nominees = {
    优秀教师空间: some(teachers.map(({ account }) => account)),
    优秀学校空间: some(schools.map(({ code }) => code)),
  }
  // Few different points, so that totals and means are often equal.
  const sheetsOf = (codes: string[], maxima: number[]) =>
    codes.flatMap((nominee) =>
      judges
        .filter(() => random(5) > 0)
        .map((judge) => ({ ...judge, nominee, points: maxima.map((max) => max - random(3) * (max / 10)) })),
    )
  const sheets = {
    优秀教师空间: sheetsOf(nominees.优秀教师空间, [10, 50, 20, 20]),
    优秀学校空间: sheetsOf(nominees.优秀学校空间, [10, 20, 20, 30, 20]),
  }
  return { schools, members, records, nominees, sheets }
}

type Random = (below: number) => number
const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!

/** Whole numbers below a bound that follow from a seed. */
function randomFrom(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0
    const mixed = Math.imul(state ^ (state >>> 13), 3_266_489_917) >>> 0
    return Math.floor((mixed / 4_294_967_296) * below)
  }
}
