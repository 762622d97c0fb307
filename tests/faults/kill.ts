// The long form of kill.test.ts: node -r tsx/cjs -C development tests/faults/kill.ts --kind=process --kills=200
import { campaign, kinds } from './campaign'
import { buildSender } from './process'
import { demands } from './verdict'
import type { Kind } from './campaign'
import type { Figures } from './verdict'

const columns: readonly (keyof Figures)[] = [
  ...([
    'faults',
    'runs',
    'messages',
    'arrived',
    'lost',
    'twice',
    'afterCancel',
    'disorder',
    'unsettled',
  ] as const),
  ...(['underway', 'unknown', 'unknownArrived', 'unanswered', 'late', 'outside'] as const),
]

/**
 * Options: --kills=200 faults, --kind=process (default: every kind), --messages=500 a run, --per-run=10 faults a run,
 * --seed=1 (default: another one each time).
 */
async function main(args: readonly string[]): Promise<void> {
  const option = (name: string) => args.find((one) => one.startsWith(`--${name}=`))?.split('=')[1]
  const number = (name: string, otherwise: number) => Number(option(name) ?? otherwise)
  const given = option('kind')
  const chosen = given ? kinds.filter((kind) => kind === given) : kinds
  if (!chosen.length) throw new Error(`--kind is ${given}, permitted are ${kinds.join(', ')}`)
  const seed = number('seed', Date.now() % 1_000_000)
  buildSender()
  print(['kind', 'seed', ...columns, 'seconds'])
  print(['kind', 'seed', ...columns, 'seconds'].map(() => '---'))
  let wrong = 0
  for (const kind of chosen) {
    const started = Date.now()
    const pauses: number[] = []
    const figures = await run(kind, pauses)
    const seconds = Math.round((Date.now() - started) / 1000)
    print([kind, seed, ...columns.map((column) => figures[column]), seconds].map(String))
    if (pauses.length)
      process.stderr.write(`${kind}, from a kill to the next arrival: ${pausesText(pauses)}\n`)
    wrong += demands.reduce((sum, demand) => sum + figures[demand], 0)
  }
  process.exit(wrong ? 1 : 0)

  function run(kind: Kind, pauses: number[]): Promise<Figures> {
    return campaign({
      ...{ kind, seed, faults: number('kills', 200), perRun: number('per-run', 10) },
      ...{ messages: number('messages', 500), groups: 50 },
      again: (ms) => void pauses.push(ms),
      tell: (lines) => process.stderr.write(`${lines.join('\n')}\n`),
      progress: (figures) => process.stderr.write(`${kind}: ${JSON.stringify(figures)}\n`),
    })
  }
}

function pausesText(pauses: readonly number[]): string {
  const sorted = [...pauses].sort((a, b) => a - b)
  const at = (share: number) => ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1000).toFixed(1)
  return `${sorted.length} times, median ${at(0.5)} s, nine of ten ${at(0.9)} s, longest ${at(1)} s`
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
