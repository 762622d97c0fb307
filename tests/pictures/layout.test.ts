import { barChart, lineChart, sparkline } from '@space-assistant/core/pictures/chart'
import type { ChartPoint } from '@space-assistant/core/pictures/chart'
import {
  alignedFigures,
  changeText,
  rankingPicture,
  rankingPositions,
} from '@space-assistant/core/pictures/ranking'
import { reportCardPicture } from '@space-assistant/core/pictures/report-card'
import { fitText, textWidth, pictureTexts, wrapText } from '@space-assistant/core/pictures/shape'
import type { Picture, PictureShape } from '@space-assistant/core/pictures/shape'
import { renderSvg } from '@space-assistant/core/pictures/svg'
import { bulletinNumbers } from '@space-assistant/core/bulletins/facts'
import type { BulletinFacts } from '@space-assistant/core/bulletins/facts'
import { bulletinPicture } from '@space-assistant/core/pictures/bulletin'
import { textSizes, tileSection } from '@space-assistant/core/pictures/sheet'
import { trendPicture } from '@space-assistant/core/pictures/trend'
import { describe, expect, it } from 'vitest'
import { footer, rankingSample } from './sample'

/** Left and right end of what a shape covers. */
function extent(shape: PictureShape): [number, number] {
  switch (shape.kind) {
    case 'rect':
      return [shape.x, shape.x + shape.width]
    case 'circle':
      return [shape.x - shape.radius, shape.x + shape.radius]
    case 'line':
    case 'area': {
      const xs = shape.points.map(([x]) => x)
      return [Math.min(...xs), Math.max(...xs)]
    }
    case 'text': {
      const width = textWidth(shape.text, shape.size, shape.weight)
      const from = shape.x - { left: 0, center: width / 2, right: width }[shape.align]
      return [from, from + width]
    }
  }
}

function expectInside(picture: Picture) {
  for (const shape of picture.shapes) {
    const [from, to] = extent(shape)
    expect(from, JSON.stringify(shape)).toBeGreaterThanOrEqual(0)
    expect(to, JSON.stringify(shape)).toBeLessThanOrEqual(picture.width)
    if ('y' in shape) expect(shape.y).toBeLessThanOrEqual(picture.height)
  }
}

describe('which places are shown', () => {
  it.each([
    ['a short list', 12, 4, '0-11'],
    ['nobody in particular', 126, undefined, '0-29'],
    ['an own place among the first', 126, 29, '0-29'],
    ['an own place behind them', 126, 80, '0-26 79-81'],
    ['the very next place', 126, 30, '0-26 29-31'],
    ['the last place', 126, 125, '0-27 124-125'],
    ['an empty district', 0, undefined, ''],
  ])('%s', (_, size, own, expected) => {
    const shown = rankingPositions(size, own)
    const runs: string[] = []
    for (const [i, position] of shown.entries()) {
      if (i && position === (shown[i - 1] ?? 0) + 1) runs.push(`${runs.pop()?.split('-')[0]}-${position}`)
      else runs.push(String(position))
    }
    expect(runs.join(' ')).toBe(expected)
    expect(shown.length).toBeLessThanOrEqual(30)
  })
})

describe('a ranking', () => {
  it('says what it was given, in order, and stays within its width', () => {
    const picture = rankingPicture(rankingSample(3, (row) => (row.rank === 2 ? { ...row, own: true } : row)))
    expect(pictureTexts(picture)).toEqual([
      ...['全区学校排名', '本期，共 30 所', '名次', '学校', '得分', '比上周末'],
      ...[
        '1',
        '第1小学',
        '560.25',
        '▼ 2',
        '2',
        '第2小学',
        '本校',
        '553.00',
        '▼ 1',
        '3',
        '第3小学',
        '545.75',
        '—',
      ],
      '数据截至 2022-05-17  ·  时间段：本期（2022-01-01 至 2022-05-17）  ·  计分规则：第 1 版',
    ])
    expectInside(picture)
  })

  it('shows ties as ties and a gap only where rows are missing', () => {
    const ranks = [1, 2, 2, 4, 27, 28, 29]
    const picture = rankingPicture(
      rankingSample(7, (row) => ({ ...row, rank: ranks[row.rank - 1] ?? 0, change: undefined })),
    )
    const texts = pictureTexts(picture)
    expect(texts.filter((text) => text === '……')).toHaveLength(1)
    expect(texts.indexOf('……')).toBe(texts.indexOf('27') - 1)
    expect(texts).not.toContain('比上周末')
  })

  it('has room for a name of twenty characters, and cuts longer ones', () => {
    const named = (name: string) => rankingPicture(rankingSample(1, (row) => ({ ...row, name, own: true })))
    const twenty = '石首市东升镇中心幼儿园附属实验小学分校区'
    expect([...twenty]).toHaveLength(20)
    expect(pictureTexts(named(twenty))).toContain(twenty)
    expectInside(named(twenty))
    const long = '很长的校名'.repeat(12)
    expect(pictureTexts(named(long))).not.toContain(long)
    expect(pictureTexts(named(long)).some((text) => /^很长的校名.*…$/.test(text))).toBe(true)
    expectInside(named(long))
  })

  it('of people keeps name and school apart', () => {
    const more = '石首市东升镇中心幼儿园附属实验小学分校区'
    const picture = rankingPicture(rankingSample(2, (row) => ({ ...row, name: '欧阳明月', more, own: true })))
    expect(pictureTexts(picture)).toEqual(expect.arrayContaining(['欧阳明月', more]))
    const places = picture.shapes.filter(
      (one) => one.kind === 'text' && ['欧阳明月', more].includes(one.text),
    )
    const [name, school] = places.map(extent)
    expect(name?.[1]).toBeLessThan(school?.[0] ?? 0)
    expectInside(picture)
  })

  it.each([
    [
      [1, 2],
      ['1', '2'],
    ],
    [
      [1.5, 2],
      ['1.5', '2.0'],
    ],
    [
      [0.126, 525.4],
      ['0.13', '525.40'],
    ],
    [[], []],
  ])('%j is written as %j', (values, texts) => {
    expect(alignedFigures(values)).toEqual(texts)
  })

  it.each([
    [3, '▲ 3'],
    [-2, '▼ 2'],
    [0, '—'],
    [undefined, ''],
  ])('a change of %s is %s', (change, text) => {
    expect(changeText(change)).toBe(text)
  })
})

const marks = (shapes: readonly PictureShape[]) => shapes.filter(({ kind }) => kind === 'circle')
const chart = { box: { x: 0, y: 0, width: 1000, height: 400 }, size: 30 }
const weeks = (values: (number | null)[]): ChartPoint[] =>
  values.map((value, i) => ({ label: `w${i}`, value, text: String(value) }))

describe('charts', () => {
  it('one point is a dot in the middle, without a line', () => {
    const shapes = lineChart(weeks([4]), { ...chart, inverted: true, whole: true })
    expect(marks(shapes)).toHaveLength(1)
    expect(shapes.filter((one) => one.kind === 'line' && one.stroke === '#1f66b0')).toEqual([])
    expect(shapes.flatMap((one) => (one.kind === 'text' ? [one.text] : []))).toEqual([
      '3',
      '4',
      '5',
      '4',
      'w0',
    ])
  })

  it('nothing to show is no chart', () => {
    expect(lineChart([], chart)).toEqual([])
    expect(barChart(weeks([null, null]), chart)).toEqual([])
    expect(sparkline([null], chart)).toEqual([])
  })

  it('a week without a place breaks the line', () => {
    const shapes = lineChart(weeks([1, 2, null, 3, 4]), { ...chart, inverted: true, whole: true })
    const lines = shapes.filter((one) => one.kind === 'line' && one.stroke === '#1f66b0')
    expect(lines.map((one) => (one.kind === 'line' ? one.points.length : 0))).toEqual([2, 2])
  })

  it('the first place is above the last, and no place is 0', () => {
    const shapes = lineChart(weeks([1, 12]), { ...chart, inverted: true, whole: true })
    const [first, last] = marks(shapes).map((one) => ('y' in one ? one.y : 0))
    expect(first).toBeLessThan(last ?? 0)
    const scale = shapes.flatMap((one) => (one.kind === 'text' && one.align === 'right' ? [one.text] : []))
    expect(scale[0]).toBe('1')
    expect(scale).not.toContain('0')
  })

  it('half a year of labels does not overlap', () => {
    const shapes = barChart(
      Array.from({ length: 26 }, (_, i) => ({ label: `${i}-22`, value: i * 3.7, text: `${i * 3.7}` })),
      chart,
    )
    const labels = shapes.filter((one) => one.kind === 'text' && one.text.endsWith('-22')).map(extent)
    for (const [i, [from]] of labels.entries()) expect(from).toBeGreaterThan(labels[i - 1]?.[1] ?? -Infinity)
    expect(labels.length).toBeGreaterThan(4)
  })

  it.each([[[0, 0, 0]], [[5]], [[-3, 8]], [[0.001, 0.002]], [[1e6, 3e6]]])('%j stays inside', (values) => {
    for (const shapes of [lineChart(weeks(values), chart), barChart(weeks(values.map(Math.abs)), chart)]) {
      for (const mark of shapes) {
        if (mark.kind !== 'circle' && mark.kind !== 'rect') continue
        expect(Number.isFinite(mark.y)).toBe(true)
        expect(mark.y).toBeGreaterThanOrEqual(-1)
        expect(mark.y).toBeLessThanOrEqual(401)
      }
    }
  })
})

it('a trend of 26 weeks and one of a single week fit', () => {
  const trend = (count: number) =>
    trendPicture({
      ...{ title: '白滩中学走势', subtitle: '最近几周', footer, notes: ['最后一周还没有完。'] },
      tiles: [{ label: '现在', value: '第 4', unit: '名' }],
      captions: { rank: '名次', rankMore: '越靠上越好', points: '得分', pointsMore: '这一周得的分' },
      weeks: Array.from({ length: count }, (_, i) => ({
        label: `5-${i}`,
        rank: (i % 9) + 1,
        points: i * 1.25,
      })),
    })
  expectInside(trend(26))
  expectInside(trend(1))
  expectInside(trend(0))
})

it('a report card says what to do, on as many lines as it takes', () => {
  const line = '信息完善还有 3 位教师没有做，每人 20 分，学校平均分可以多 1.2 分；'.repeat(3)
  const picture = reportCardPicture({
    ...{ title: '成绩单', subtitle: '', footer, notes: [] },
    tiles: [
      { label: '得分', value: '525.42', unit: '分' },
      { label: '全区名次', value: '1234', unit: '/ 5678 所' },
      { label: '比上周末', value: '▲ 12', unit: '名' },
      { label: '空间开通率', value: '93.4%', more: '评优要求 90%' },
    ],
    indicators: {
      ...{ caption: '各项的平均分', own: '本校', mean: '全区平均' },
      bars: [
        { name: '空间登录', own: 90, mean: 70.5 },
        { name: '信息完善', own: 0, mean: 0 },
      ],
    },
    todo: { caption: '接下来做什么', lines: [line] },
  })
  expectInside(picture)
  expect(pictureTexts(picture).join('')).toContain(line)
})

it.each([1, 2, 3, 4])(
  'no number of %d tiles is cut, nor what stands below it made too small to read',
  (count) => {
    const tile = {
      label: '全区名次',
      value: '并列第 1',
      unit: '/ 5,120 所',
      more: '初中第 1、阳逻经济开发区第 1',
    }
    const { shapes } = tileSection(Array.from({ length: count }, () => tile))(0)
    const texts = shapes.flatMap((shape) => (shape.kind === 'text' ? [shape] : []))
    expect(texts.filter(({ text }) => text === '并列第 1')).toHaveLength(count)
    expect(texts.some(({ text }) => text.includes('\u2026'))).toBe(false)
    expect(Math.min(...texts.map(({ size }) => size))).toBeGreaterThanOrEqual(textSizes.footer - 6)
    expect(texts.map(({ text }) => text).join('')).toContain('5,120 所')
  },
)

it('an empty district, names of twenty characters and emoji fit a bulletin’s picture', () => {
  const labels = { schools: '学校', mean: '平均', points: '分', activity: '活跃', activation: '开通' }
  const columns = { rank: '名次', name: '学校', score: '得分', change: '比 05-03' }
  const words = { title: '通报', subtitle: '本期', footer, tiles: labels, columns, first: '前面', notes: [] }
  const stamp = {
    window: { from: 0, to: 1 },
    dataUntil: 1,
    scheme: 's',
    schemeName: 's',
    version: 1,
    imports: '',
  }
  const none = Object.fromEntries(bulletinNumbers.map((key) => [key, null])) as BulletinFacts['numbers']
  const school = { town: '阳逻经济开发区', score: 123456.75, change: -1200, activation: 1, silent: false }
  const rows = [
    '第一实验小学校（北校区）👩‍🏫附属幼儿园部',
    '一二三四五六七八九十一二三四五六七八九十',
    '中学',
  ].map((name, i) => ({ ...school, code: name, name, rank: i < 2 ? 1 : null }))
  for (const given of [[], rows]) {
    const picture = bulletinPicture({ stamp, numbers: none, rows: given, since: null }, words)
    expectInside(picture)
    expect(pictureTexts(picture)).toContain('通报')
    expect(pictureTexts(picture).filter((text) => text === '1')).toHaveLength(given.length ? 2 : 0)
    expect(pictureTexts(picture)).not.toContain('中学')
  }
})

describe('texts', () => {
  it.each([
    ['短', 100, { text: '短', size: 40 }],
    ['一二三四五', 160, { text: '一二三四五', size: 32 }],
    ['一二三四五六七八九十', 160, { text: '一二三四…', size: 27 }],
  ])('%s in %d pixels', (text, width, fitted) => {
    expect(fitText(text, width, { size: 40 })).toEqual(fitted)
  })

  it('no line begins with a closing sign, and numbers stay whole', () => {
    expect(wrapText('一二三四五，六七', 200, 40)).toEqual(['一二三四五，', '六七'])
    expect(wrapText('一二三四2022-05-17', 240, 40)).toEqual(['一二三四', '2022-05-17'])
    expect(wrapText('甲\n乙', 240, 40)).toEqual(['甲', '乙'])
  })
})

it('the same shapes make an SVG, with people’s text escaped', () => {
  const name = '<script>&"\u0000'
  const svg = renderSvg(rankingPicture(rankingSample(1, (row) => ({ ...row, name }))), '全区<排名>')
  expect(svg).toContain('&lt;script&gt;&amp;&quot;</text>')
  expect(svg).toContain('<title>全区&lt;排名&gt;</title>')
  expect(svg).not.toMatch(/<script|\u0000|NaN|undefined/)
})
