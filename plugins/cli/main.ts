import { conclude, exitCodes, runOrHelp } from './outcome'
import type { Subcommand } from './outcome'
import { text } from './text'

type Module = { run: Subcommand }

// Loaded only when asked for, so that a score does not wait for a bot to load. Not import(): what runs from
// source is CommonJS, in which Node would look for an ES module.
const subcommands: Record<string, () => Module> = {
  score: () => require('./score') as Module,
  awards: () => require('./awards') as Module,
  import: () => require('./import') as Module,
  history: () => require('./history') as Module,
  undo: () => require('./undo') as Module,
  export: () => require('./export') as Module,
  adopt: () => require('./adopt') as Module,
  check: () => require('./check') as Module,
  demo: () => require('./demo') as Module,
  backup: () => require('./backup') as Module,
  restore: () => require('./backup/restore') as Module,
  move: () => require('./move') as Module,
  doctor: () => require('./doctor') as Module,
  service: () => require('./service') as Module,
  'new-scheme': () => require('./new-scheme') as Module,
  start: () => require('./start') as Module,
  staff: () => require('./staff') as Module,
  understand: () => require('./understand') as Module,
}

/** Runs the command line of this process. */
export function main(): void {
  const args = process.argv.slice(2)
  // Whatever is made here holds names or secrets; only what others are to read as well is not closed to them.
  if (!open.has(args[0] ?? '')) process.umask(0o077)
  conclude(run(args))
}

/** Subcommands whose files are settings that another account may have to read. */
const open: ReadonlySet<string> = new Set(['new-scheme', 'service'])

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
  return runOrHelp(args, (rest) => load().run(rest))
}
