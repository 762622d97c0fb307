import { loadScheme } from '@space-assistant/core/scheme/loader'
import { mergeHeaders } from '../local-config'
import { runScore } from './run'

/** `space score`: all points, indexes and rankings from export files, without a database. Answers the exit code. */
export function run(args: readonly string[]): Promise<number> {
  return runScore(args, { headers: mergeHeaders, scheme: loadScheme })
}
