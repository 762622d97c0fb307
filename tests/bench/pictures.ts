// How long a picture takes and what it does to the rest, and how long a large export takes:
// node --expose-gc -r tsx/cjs -C development tests/bench/pictures.ts
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { resolve } from 'node:path'
import { writeTables } from '../../src/documents/table'
import { rankingPicture } from '../../src/pictures/ranking'
import { Painter } from '../../plugins/pictures/painter'

const font = (weight: string) => resolve(__dirname, `../../config/fonts/NotoSansSC-${weight}.ttf`)
const limit = 1.5 * 2 ** 20
const painter = new Painter({ fonts: { regular: font('Regular'), bold: font('Bold') }, limit, idleMs: 2000 })
const megabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20)

/** Twenty rows; each picture is another one, so that none is remembered. */
function picture(seed: number) {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    ...{ rank: i + 1, name: `第${i + 1}中心小学`, score: 500 - i * 3.25 - seed / 100, change: (i % 3) - 1 },
    own: i === 5,
  }))
  const columns = { rank: '名次', name: '学校', score: '得分', change: '变化' }
  const table = { columns, rows, ownLabel: '本校', gapLabel: '……' }
  return rankingPicture({
    title: '排名',
    subtitle: '本期',
    footer: ['数据截至 2022-05-17'],
    notes: [],
    table,
  })
}

async function main(): Promise<void> {
  await painter.paint(picture(0))
  const times: number[] = []
  for (let i = 1; i <= 15; i++) {
    const started = performance.now()
    await painter.paint(picture(i))
    times.push(performance.now() - started)
  }
  console.log(`20 rows, p50: ${Math.round(times.sort((a, b) => a - b)[7] ?? NaN)} ms`)
  const before = megabytes()
  const lag = monitorEventLoopDelay({ resolution: 5 })
  lag.enable()
  const started = performance.now()
  await Promise.all(Array.from({ length: 100 }, (_, i) => painter.paint(picture(1000 + i))))
  lag.disable()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(
    `100 at once: ${seconds} s, lag p99 ${Math.round(lag.percentile(99) / 1e6)} ms, most ${Math.round(lag.max / 1e6)} ms`,
  )
  const during = megabytes()
  await wait(4000)
  global.gc?.()
  console.log(`memory: ${before} MB before, ${during} MB then, ${megabytes()} MB when the thread has ended`)
  const people = Array.from({ length: 6000 }, (_, i) => {
    const points = Array.from({ length: 17 }, (_, k) => (i * k) % 37)
    return [i + 1, `教师${i}`, `第${i % 120}小学`, '城关镇', '语文', i * 1.25, ...points]
  })
  const columns = Array.from(
    { length: 23 },
    (_, i) => ({ header: `列${i}`, width: 9, kind: i ? 'number' : 'text' }) as const,
  )
  const [least, exported] = [megabytes(), performance.now()]
  await writeTables([{ name: '报表', title: '报表', lines: ['谁', '何时'], columns, rows: people }])
  console.log(
    `6,000 teachers x 17: ${Math.round(performance.now() - exported)} ms, ${megabytes() - least} MB more`,
  )
  painter.stop()
}

void main()
