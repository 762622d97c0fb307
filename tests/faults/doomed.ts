import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const tsx = createRequire(import.meta.url).resolve('tsx/cjs')

/** When a process dies: so long after it says a word, or once something has happened; without either it lives. */
export type Doom = { word: string; delay: number } | Promise<unknown> | undefined

/** Runs a script and kills it, unless it ends before; returns all that it said. */
export function runDoomed(script: string, args: readonly string[], doom?: Doom): Promise<string> {
  const child = spawn(process.execPath, ['-C', 'development', '-r', tsx, script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kill = () => child.kill('SIGKILL')
  if (doom instanceof Promise) void doom.then(kill)
  const last = doom && 'word' in doom ? doom : undefined
  let said = ''
  return new Promise((done) => {
    child.stdout.on('data', (piece: Buffer) => {
      const begins = last && !said.includes(last.word)
      said += piece.toString()
      if (begins && said.includes(last.word)) setTimeout(kill, last.delay)
    })
    child.on('close', () => done(said))
  })
}
