// Where the built `space score` begins, in both of its threads.
import { join } from 'node:path'
import type { Headers } from '@space-assistant/core/formats/headers'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { conclude, runOrHelp } from '../outcome'
import type { ConfigReaders } from './inputs'
import { keep, recall } from './kept'
import type * as Parsers from './parsers'
import { runScore } from './run'

export { serve } from './serve'

/** In a file of their own: a name that is put together stays out of this one. */
const parsers = () => require(join(__dirname, 'parsers.js')) as typeof Parsers

/** Configuration that has not changed since an earlier run is not read again. */
const readers: ConfigReaders = {
  headers(base, local) {
    const key = ['headers', JSON.stringify([base, local])] as const
    return recall<Headers>(key) ?? keep(key, parsers().mergeHeaders(base, local))
  },
  scheme(text, file) {
    const key = ['scheme', file, text] as const
    const known = recall<Scheme>(key)
    if (known) return { ok: true, value: known }
    const loaded = parsers().loadScheme(text, file)
    if (loaded.ok) keep(key, loaded.value)
    return loaded
  },
}

export function run(args: string[]): Promise<number> {
  return runScore(args, readers)
}

/** Runs `space score` with these arguments as the command of this process. */
export function main(args: string[]): void {
  conclude(runOrHelp(args, run))
}
