import type { Reporter } from 'vitest/reporters'

/** The last line of a run, plain: what ran, for whoever reads a log without knowing the runner. */
const totals: Reporter = {
  onTestRunEnd(modules) {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 }
    for (const module of modules) for (const test of module.children.allTests()) count[test.result().state]++
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped`)
  },
}

export default totals
