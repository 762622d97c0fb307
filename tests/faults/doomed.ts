import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const tsx = createRequire(import.meta.url).resolve('tsx/cjs')

/** Runs a script and kills it so long after it says a word, unless it ends before; returns all that it said. */
export function runDoomed(
  script: string,
  args: readonly string[],
  { word, delay }: { word: string; delay: number },
): Promise<string> {
  const child = spawn(process.execPath, ['-C', 'development', '-r', tsx, script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  return new Promise((done) => {
    child.stdout.on('data', (piece: Buffer) => {
      const begins = !said.includes(word)
      said += piece.toString()
      if (begins && said.includes(word)) setTimeout(() => child.kill('SIGKILL'), delay)
    })
    child.on('close', () => done(said))
  })
}
