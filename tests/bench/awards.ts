// Awards: everybody's conditions against a full rescore with its rankings, sharing out sheets, and certificates.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { assignSheets } from '@space-assistant/core/awards/assignment'
import { AwardStandings } from '@space-assistant/core/awards/standing'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { Standings } from '@space-assistant/core/ranking/standings'
import { Board } from '@space-assistant/core/scoring/board'
import { encode } from '@space-assistant/core/scoring/tallies'
import { printCertificates } from '../../plugins/awards/certificate-pdf'
import { median, printTable } from './paired'

const ROUNDS = 5

/** Options: --members=600000 --schools=5000. */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string, usual: number) =>
    Number(options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? usual)
  const [members, schools] = [option('members', 600_000), option('schools', 5_000)]
  const rows = [...conditions(members, schools), assignment(), await certificates()]
  const print = printTable('Awards', ['Work', 'Against', 'CPU s', 'Measured', 'Goal'])
  for (const row of rows) print(row)
}

function conditions(members: number, schools: number): string[][] {
  const path = resolve(__dirname, '../../config/schemes/xinzhou-2022.yml')
  const loaded = loadScheme(readFileSync(path, 'utf8'), path)
  if (!loaded.ok) throw new Error('the scheme is wrong')
  const scheme = loaded.value
  const board = new Board(scheme)
  const stages = ['1', '2', '3', '4']
  board.setRoster(
    Array.from({ length: members }, (_, at) => ({
      ...{ account: `t${at}`, name: `n${at}`, school: `s${at % schools}`, roles: ['teacher'] as const },
      ...{ state: 'active' as const, opened: at % 10 > 0 },
    })),
    Array.from({ length: schools }, (_, at) => ({
      ...{ code: `s${at}`, name: `s${at}`, stage: stages[at % 4] ?? '', students: 300, studentsOpened: 280 },
    })),
  )
  for (let at = 0; at < members; at++) {
    const tallies = Array.from({ length: 12 }, (_, one) => ({
      indicator: one % scheme.indicators.length,
      day: scheme.period.from + ((at * 7 + one * 29) % 150),
      count: 1 + ((at + one) % 3),
    }))
    board.load(`t${at}`, encode(tallies))
  }
  const windows = [scheme.period, ...scheme.windows.map(({ window }) => window)]
  const rescore = () => {
    board.setScheme(scheme)
    const standings = new Standings(board)
    for (const window of windows) {
      for (const of of ['schools', 'teachers'] as const)
        standings.of({ of, window, scope: { kind: 'district' } })
    }
  }
  const evidence = { board, nominees: new Map(), rubrics: new Map(), judgement: () => undefined }
  const awards = () => {
    const all = new AwardStandings(scheme, evidence).all
    return all.reduce((sum, standing) => sum + standing.count().selected, 0)
  }
  const [whole, own] = [measure(rescore), measure(awards)]
  const name = `conditions of ${members.toLocaleString('en')} members and ${schools.toLocaleString('en')} schools, 4 awards`
  return [
    [
      name,
      `full rescore and rankings: ${whole.toFixed(2)} s`,
      own.toFixed(2),
      (own / whole).toFixed(2),
      '0.25',
    ],
  ]
}

function assignment(): string[] {
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`)
  const question = {
    ...{ nominees: names('n', 2000), judges: names('j', 60), seed: 2022 },
    isConflict: (judge: string, nominee: string) => Number(judge.slice(1)) === Number(nominee.slice(1)) % 60,
  }
  const own = measure(() => assignSheets(question))
  return ['2,000 nominees shared out among 60 judges', '-', own.toFixed(2), `${own.toFixed(2)} s`, '1 s']
}

async function certificates(): Promise<string[]> {
  const fonts = resolve(__dirname, '../../config/fonts')
  const all = Array.from({ length: 500 }, (_, at) => ({
    ...{
      number: `xinzhou-2022-${String(at).padStart(4, '0')}`,
      checkNumber: '123456',
      holder: `张${String.fromCharCode(0x4e00 + at * 7)}（第${at}小学）：`,
    },
    date: '2022-06-20',
    text: '在武汉市新洲区 2022 年深度应用指数评选中获评“优秀教师空间”，特发此证。',
  }))
  const before = process.memoryUsage().rss
  const started = process.cpuUsage()
  const bytes = await printCertificates(all, {
    ...{ heading: 'Certificate', issuer: 'Bureau', specimen: 'SPECIMEN' },
    numberLine: ({ number, checkNumber }) => `${number} ${checkNumber}`,
    fonts: { regular: resolve(fonts, 'NotoSansSC-Regular.ttf'), bold: resolve(fonts, 'NotoSansSC-Bold.ttf') },
  })
  const { user, system } = process.cpuUsage(started)
  const cpu = (user + system) / 1e6
  const grown = Math.max(process.memoryUsage().rss - before, 0) / 2 ** 20
  const size = `${(bytes.length / 2 ** 20).toFixed(1)} MB`
  return [
    `500 certificates in one file of ${size}`,
    '-',
    cpu.toFixed(1),
    `${cpu.toFixed(1)} s, ${grown.toFixed(0)} MB more`,
    '6 s, 200 MB',
  ]
}

/** Median CPU seconds of a few runs after one that warms up. */
function measure(work: () => unknown): number {
  work()
  return median(
    Array.from({ length: ROUNDS }, () => {
      const started = process.cpuUsage()
      work()
      const { user, system } = process.cpuUsage(started)
      return (user + system) / 1e6
    }),
  )
}
