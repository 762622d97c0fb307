import { execFileSync } from 'node:child_process'
import { root } from '../cli/space'

/** Builds the page, unless what is there is newer than its sources. */
export function buildPage(): void {
  execFileSync(process.execPath, ['.tools/page.mjs', '--stale'], { cwd: root, stdio: 'ignore' })
}
