import { z } from 'zod'
import { readConfig } from '../configuration/document'
import type { ConfigResult } from '../configuration/document'

const file = z.strictObject({
  answers: z
    .array(z.strictObject({ name: z.string().min(1).max(20), text: z.string().min(1).max(1000) }))
    .max(50),
})

/** An answer that support gives often, by its name. */
export interface CannedAnswer {
  name: string
  text: string
}

/** Reads the text of config/answers.yml; `path` is only named in problems. */
export function readCannedAnswers(text: string, path: string): ConfigResult<CannedAnswer[]> {
  const read = readConfig(text, path, file)
  return read.ok ? { ok: true, value: read.value.value.answers } : read
}

/** The answer that a name, its beginning or a place in the list (from 1) means; what is said behind it is added. */
export function findCannedAnswer(answers: readonly CannedAnswer[], given: string): string | undefined {
  const [first = '', ...rest] = given.trim().split(/\s+/)
  if (!first) return undefined
  const found =
    answers.find(({ name }, index) => name === first || String(index + 1) === first) ??
    answers.find(({ name }) => name.startsWith(first))
  return found && [found.text, ...rest].join(' ').trim()
}
