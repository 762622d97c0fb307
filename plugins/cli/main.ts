import { text } from './text'

/** A subcommand: answers the exit code. Messages go to stderr, results to stdout. */
export type Subcommand = (args: string[]) => number | Promise<number>

/** 0 done, 1 something is wrong with what was given, 2 the command line itself was not understood. */
export const exitCodes = { done: 0, refused: 1, usage: 2 } as const

type Module = { run: Subcommand }

// Loaded only when asked for, so that a score does not wait for a bot to load. Not import(): what runs from
// source is CommonJS, in which Node would look for an ES module.
const subcommands: Record<string, () => Module> = {
  score: () => require('./score') as Module,
  import: () => require('./import') as Module,
  check: () => require('./check') as Module,
  demo: () => require('./demo') as Module,
  start: () => require('./start') as Module,
  staff: () => require('./staff') as Module,
}

/** Runs the command line of this process. */
export function main(): void {
  run(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      process.exitCode = isMisuse(error) ? exitCodes.usage : exitCodes.refused
      const reason = reasonOf(error)
      const sentence = isMisuse(error)
        ? text('misuse', { reason }) + '\n\n' + text('usage')
        : text('failed', { reason })
      process.stderr.write(`${sentence}\n`)
    },
  )
}

/** Finds the subcommand and hands it the rest of the arguments. */
export async function run([name, ...args]: string[]): Promise<number> {
  if (!name || ['help', '-h', '--help'].includes(name)) {
    process.stdout.write(`${text('usage')}\n`)
    return name ? exitCodes.done : exitCodes.usage
  }
  const load = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
  if (!load) {
    process.stderr.write(`${text('unknown-command', { name })}\n\n${text('usage')}\n`)
    return exitCodes.usage
  }
  if (args.some((arg) => arg === '-h' || arg === '--help')) {
    process.stdout.write(`${text('usage')}\n`)
    return exitCodes.done
  }
  return load().run(args)
}

/** An option that parseArgs does not know, or that has no value. */
function isMisuse(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return process.env.SPACE_DEBUG ? (error.stack ?? error.message) : error.message
}
