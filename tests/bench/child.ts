import { buildSync } from 'esbuild'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import type { BotOptions, BotQuestion, BotReport } from './store'

const root = resolve(__dirname, '../..')
const built = join(root, 'node_modules/.cache/space-bench/bot.js')

/** Bundles the bot's start file; the packages that it loads are the built ones. */
export function buildBot(): void {
  buildSync({
    entryPoints: [join(__dirname, 'bot.ts')],
    outfile: built,
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
}

export interface BenchBot extends BotReport {
  /** Resident memory now, after a garbage collection. */
  memory(): Promise<number>
  /** Does what is due in an hour. */
  hour(): Promise<void>
  stop(): Promise<void>
}

export async function startBot(options: BotOptions): Promise<BenchBot> {
  const child = fork(built, [JSON.stringify(options)], {
    cwd: root,
    execArgv: ['--expose-gc', ...(process.env['BENCH_NODE']?.split(' ') ?? [])],
    env: { ...process.env, NODE_OPTIONS: '', TZ: 'Asia/Shanghai' },
  })
  const next = async () => {
    const ended = once(child, 'exit').then(() => {
      throw new Error('the bot of the benchmark ended')
    })
    const [report] = (await Promise.race([once(child, 'message'), ended])) as [BotReport]
    return report
  }
  const first = await next()
  const ask = (question: BotQuestion) => {
    child.send(question)
    return next()
  }
  return {
    ...first,
    memory: async () => (await ask('memory')).bytes,
    hour: async () => void (await ask('hour')),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
