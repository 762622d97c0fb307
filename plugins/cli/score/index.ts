import { parseHeaders } from '@space-assistant/core/formats/headers'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { runScore } from './run'

/** `space score`: all points, indexes and rankings from export files, without a database. Answers the exit code. */
export function run(args: readonly string[]): Promise<number> {
  return runScore(args, { headers: parseHeaders, scheme: loadScheme })
}
