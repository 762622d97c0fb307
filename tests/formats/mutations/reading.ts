import { readFileSync } from 'node:fs'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { parseFile } from '@space-assistant/core/formats/parse'
import type { ParseOptions } from '@space-assistant/core/formats/parse'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { FileRefusal, Problem } from '@space-assistant/core/formats/rows'
import { readRecordFile } from '@space-assistant/core/pipeline/record-file'
import { sourceOfBytes } from '@space-assistant/core/pipeline/source'
import { loadScheme } from '@space-assistant/core/scheme/loader'

const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'config/headers.yml')
const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('xinzhou-2022.yml is not valid')
const scheme = loaded.value
const accounts = Array.from({ length: 60 }, (_, i) => `t${100 + i}`)
const numbers = scheme.indicators.map((_, index) => index)

/** What a file is answered with: one sentence for a refused one, else how much was understood. Throws for what is neither. */
export async function answerFile(bytes: Uint8Array, readXls?: ParseOptions['readXls']): Promise<string> {
  const context = { headers, scheme, accounts, numbers, problems: 1000 }
  const lines = await readRecordFile(sourceOfBytes(bytes), context)
  const file = lines ?? (await parseFile(bytes, { headers, scheme, readXls }))
  if (file.kind === 'refusal') return sentenceOf(file)
  for (const problem of file.problems) sentenceOf(problem)
  return `${file.kind}: ${file.understood} + ${file.problems.length}`
}

function sentenceOf(problem: Problem | FileRefusal): string {
  const sentence = describeRowProblem(problem)
  if (!/^[^\n]+[。？！]$/.test(sentence) || /\{\w+\}/.test(sentence))
    throw new Error(`not a sentence: ${sentence}`)
  return sentence
}
