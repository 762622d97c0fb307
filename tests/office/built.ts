import { execFileSync } from 'node:child_process'
import { root } from '../cli/space'

/** Builds the page, unless what is there is newer than its sources. */
export function buildPage(): void {
  // As a person builds it: a test's own environment would resolve packages another way.
  const env = { ...process.env }
  delete env['NODE_ENV']
  execFileSync(process.execPath, ['.tools/page.mjs', '--stale'], { cwd: root, env, stdio: 'ignore' })
}
