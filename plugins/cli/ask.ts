import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from './text'

/** Why nothing is done without a yes: nobody is there to be asked, or the answer was no. */
export type Unconfirmed = 'not-asked' | 'given-up'

/** Asks at the terminal; `yes` on the command line answers for whoever is not there. */
export async function unconfirmed(question: string, yes: boolean): Promise<Unconfirmed | undefined> {
  if (yes) return
  if (!process.stdin.isTTY) return 'not-asked'
  const dialogue = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await dialogue.question(question)
  dialogue.close()
  return /^y(es)?$/i.test(answer.normalize('NFKC').trim()) ? undefined : 'given-up'
}

/** Asks for a passphrase, of which nothing is shown; empty where nobody is at the terminal. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return ''
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const dialogue = createInterface({ input: process.stdin, output: silent, terminal: true })
  process.stderr.write(question)
  const answer = await dialogue.question('')
  process.stderr.write('\n')
  dialogue.close()
  return answer.trim()
}

/** Says that nothing was done, and answers the exit code. */
export function leave(reason: Unconfirmed): number {
  if (reason === 'given-up') process.stdout.write(`${text('given-up')}\n`)
  else process.stderr.write(`${text('not-asked')}\n`)
  return reason === 'given-up' ? 0 : 1
}
