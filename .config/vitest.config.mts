import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import totals from './totals.mts'

const root = resolve(import.meta.dirname, '..')
const require = createRequire(resolve(root, 'package.json'))

// Koishi's ESM and CommonJS builds hold two different Context classes; one graph needs one of them, and
// plugins that Koishi loads itself are CommonJS.
const commonjs = [
  'koishi',
  'minato',
  '@minatojs/driver-mysql',
  '@minatojs/driver-sqlite',
  '@koishijs/plugin-database-mysql',
  '@koishijs/plugin-mock',
  '@koishijs/plugin-http',
  '@koishijs/plugin-server',
  '@koishijs/plugin-help',
  '@koishijs/plugin-adapter-qq',
  'koishi-plugin-adapter-onebot',
  'node-sqlite3-wasm',
]

export default defineConfig({
  root,
  resolve: {
    conditions: ['development', 'node', 'import', 'default'],
    alias: commonjs.map((id) => ({ find: new RegExp(`^${id}$`), replacement: require.resolve(id) })),
  },
  ssr: { resolve: { conditions: ['development', 'node'] } },
  test: {
    include: ['tests/**/*.test.ts'],
    env: { TZ: 'Asia/Shanghai' },
    setupFiles: ['tests/waits.ts'],
    expect: { poll: { timeout: 10_000, interval: 20 } },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: 'forks',
    reporters: ['default', totals],
    maxWorkers: 2,
  },
})
