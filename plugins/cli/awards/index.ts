import { readAwardArguments, AwardMisuse } from './arguments'
import { evaluateInputs } from './evaluate'
import { readAwardInputs } from './inputs'
import { writeAwards } from './output'
import { exitCodes } from '../outcome'
import { text } from '../text'

const SHOWN_PROBLEMS = 20

/** `space awards`: the conditions of every award and the results of the judges, from files, without a database. */
export async function run(args: string[]): Promise<number> {
  try {
    const given = readAwardArguments(args)
    const inputs = await readAwardInputs(given)
    const { problems, ...report } = evaluateInputs(inputs, given.asOf)
    writeAwards(report, given)
    const all = [...inputs.problems, ...problems]
    for (const problem of all.slice(0, SHOWN_PROBLEMS)) process.stderr.write(`${problem}\n`)
    if (all.length > SHOWN_PROBLEMS)
      process.stderr.write(`${text('awards-more-problems', { count: all.length - SHOWN_PROBLEMS })}\n`)
    return exitCodes.done
  } catch (error) {
    if (!(error instanceof AwardMisuse)) throw error
    process.stderr.write(`${error.message}\n\n${text('awards-usage')}\n`)
    return exitCodes.usage
  }
}
