import { text, textKeys } from './text'

/** A subcommand: answers the exit code. Messages go to stderr, results to stdout. */
export type Subcommand = (args: string[]) => number | Promise<number>

/** 0 done, 1 something is wrong with what was given, 2 the command line itself was not understood. */
export const exitCodes = { done: 0, refused: 1, usage: 2 } as const

/** Makes what a command answers the exit code of this process, and what it throws a sentence. */
export function conclude(work: Promise<number>): void {
  work.then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      process.exitCode = isMisuse(error) ? exitCodes.usage : exitCodes.refused
      const sentence = isMisuse(error)
        ? `${misuse(error)}\n\n${text('usage')}`
        : text('failed', { reason: reasonOf(error) })
      process.stderr.write(`${sentence}\n`)
    },
  )
}

/** Shows the usage to whoever asks for help, else runs the command. */
export async function runOrHelp(args: string[], run: Subcommand): Promise<number> {
  if (!args.some((arg) => arg === '-h' || arg === '--help')) return run(args)
  process.stdout.write(`${text('usage')}\n`)
  return exitCodes.done
}

/** An option that parseArgs does not know, or that has no value. */
function isMisuse(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}

const misuses = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: 'misuse-option',
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: 'misuse-value',
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: 'misuse-extra',
} as const

/** Node's own sentence is English, so that only what it quotes is taken from it. */
function misuse(error: Error & { code?: string }): string {
  const key = misuses[error.code as keyof typeof misuses]
  const given = /'([^']*)'/.exec(error.message)?.[1]?.replace(/ <value>$/, '')
  return key && given ? text(key, { given }) : text('misuse', { reason: error.message })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const key = 'code' in error && textKeys.find((one) => one === `system-${String(error.code)}`)
  if (key && 'path' in error) return text(key, { path: String(error.path) })
  return process.env['SPACE_DEBUG'] ? (error.stack ?? error.message) : error.message
}
