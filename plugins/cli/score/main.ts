// Where the built `space score` begins, in both of its threads.
import { config } from 'zod'
import { conclude, runOrHelp } from '../outcome'
import { run } from './index'

// Compiling checks pays where they are run often, not for one scheme.
config({ jitless: true })

export { run }
export { serve } from './serve'

/** Runs `space score` with these arguments as the command of this process. */
export function main(args: string[]): void {
  conclude(runOrHelp(args, run))
}
