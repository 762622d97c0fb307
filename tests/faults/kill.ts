// The long form of kill.test.ts: node -r tsx/cjs -C development tests/faults/kill.ts --kind=process --kills=200
import { campaign, kinds } from './campaign'
import { buildSender } from './process'
import type { Figures, Kind } from './campaign'

const columns: readonly (keyof Figures)[] = [
  ...(['faults', 'runs', 'letters', 'arrived', 'lost', 'twice'] as const),
  ...(['underway', 'unknown', 'unknownArrived', 'outside', 'longest'] as const),
]

/** Options: --kills=200 faults, --kind=process (default: every kind), --letters=500 a run, --per-run=10 faults a run. */
async function main(args: readonly string[]): Promise<void> {
  const option = (name: string) => args.find((one) => one.startsWith(`--${name}=`))?.split('=')[1]
  const number = (name: string, otherwise: number) => Number(option(name) ?? otherwise)
  const given = option('kind')
  const chosen = given ? kinds.filter((kind) => kind === given) : kinds
  if (!chosen.length) throw new Error(`--kind is ${given}, permitted are ${kinds.join(', ')}`)
  buildSender()
  print(['kind', ...columns, 'seconds'])
  print(['kind', ...columns, 'seconds'].map(() => '---'))
  let wrong = 0
  for (const kind of chosen) {
    const started = Date.now()
    const figures = await run(kind)
    const seconds = Math.round((Date.now() - started) / 1000)
    print([kind, ...columns.map((column) => String(figures[column])), String(seconds)])
    wrong += figures.lost + figures.twice + figures.outside
  }
  process.exit(wrong ? 1 : 0)

  function run(kind: Kind): Promise<Figures> {
    return campaign({
      ...{ kind, faults: number('kills', 200), perRun: number('per-run', 10) },
      ...{ letters: number('letters', 500), groups: 50 },
      progress: (figures) => process.stderr.write(`${kind}: ${JSON.stringify(figures)}\n`),
    })
  }
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
