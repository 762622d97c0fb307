import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureCost } from './cost'
import { measureModel } from './model-figures'
import { heldOutFile, isChatter, judgeFile, sharesOf, utteranceFiles } from './judging'
import type { JudgedUtterance } from './judging'

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`

function sharesTable(sets: readonly (readonly [string, readonly JudgedUtterance[]])[]): string[] {
  return [
    row('Set', 'Lines', 'Right', 'Not understood', 'Wrong', 'Chatter answered', 'Follow-ups right'),
    row('---', '--:', '--:', '--:', '--:', '--:', '--:'),
    ...sets.map(([name, all]) => {
      const shares = sharesOf(all)
      const chatter = `${percent(shares.chatterAnswered)} of ${shares.chatter}`
      const followUps = `${percent(shares.followUpsRight)} of ${shares.followUps}`
      return row(
        name,
        shares.lines,
        percent(shares.right),
        percent(shares.notUnderstood),
        percent(shares.wrong),
        chatter,
        followUps,
      )
    }),
  ]
}

function kindsTable(all: readonly JudgedUtterance[]): string[] {
  const kinds = [...new Set(all.filter((one) => !isChatter(one)).map(({ kind }) => kind))].sort()
  return [
    row('Intent', 'Lines', 'Right', 'Not understood', 'Wrong'),
    row('---', '--:', '--:', '--:', '--:'),
    ...kinds.map((kind) => {
      const some = all.filter((one) => one.kind === kind && !isChatter(one))
      const count = (verdict: string) => some.filter((one) => one.verdict === verdict).length
      return row(kind, some.length, count('right'), count('not-understood'), count('wrong'))
    }),
  ]
}

/** Sizes of the made-up district: about 6,000 members, and about 300,000, as many as it can have. */
const sizes = process.argv.includes('--large') ? [20, 1000] : [20]

function costTable(lines: readonly string[]): string[] {
  return [
    row(
      'Members',
      'Different names',
      'Indexes built',
      'Median',
      'p99',
      'Slowest of 20 hostile texts of 200 characters',
    ),
    row('--:', '--:', '--:', '--:', '--:', '--:'),
    ...sizes.map((size) => {
      const { names, buildSeconds, median, p99, slowestHostile } = measureCost(size, lines)
      const ms = (value: number) => `${value.toFixed(2)} ms`
      return row(size * 300, names, `${buildSeconds.toFixed(1)} s`, ms(median), ms(p99), ms(slowestHostile))
    }),
  ]
}

const judged = utteranceFiles.map((file) => [file, judgeFile(file)] as const)
const all = judged.flatMap(([, lines]) => lines)
const firstRuns = [
  ['479', '89.8 %', '7.1 %'],
  ['377', '93.1 %', '3.7 %'],
  ['147', '92.5 %', '4.8 %'],
  ['90', '95.6 %', '4.4 %'],
  ['294', '84.0 %', '8.5 %'],
  ['169', '92.9 %', '5.9 %'],
  ['148', '95.9 %', '2.7 %'],
  ['129', '87.6 %', '10.1 %'],
  ['50', '94.0 %', '4.0 %'],
  ['60', '81.7 %', '11.7 %'],
  ['60', '90.0 %', '5.0 %'],
  ['60', '81.7 %', '16.7 %'],
  ['60', '85.0 %', '3.3 %'],
  ['60', '88.3 %', '8.3 %'],
  ['60', '80.0 %', '16.7 %'],
  ['55', '80.0 %', '9.1 %'],
  ['60', '93.3 %', '3.3 %'],
  ['60', '81.7 %', '5.0 %'],
  ['60', '95.0 %', '1.7 %'],
  ['60', '96.7 %', '3.3 %'],
  ['60', '93.3 %', '1.7 %'],
  ['60', '96.7 %', '3.3 %'],
  ['60', '95.0 %', '3.3 %'],
  ['60', '93.3 %', '3.3 %'],
  ['60', '93.3 %', '3.3 %'],
  ['100', '97.0 %', '1.0 %'],
  ['100', '96.0 %', '0.0 %'],
]
const last = firstRuns.slice(-6).map((cells) => cells.map((cell) => Number.parseFloat(cell)))
const lastLines = last.reduce((sum, [lines = 0]) => sum + lines, 0)
const lastRight = last.reduce((sum, [lines = 0, right = 0]) => sum + (lines * right) / 100, 0)
const lastWrong = last.reduce((sum, [lines = 0, , wrong = 0]) => sum + (lines * wrong) / 100, 0)
const model = measureModel(all)
const text = [
  '# What is understood',
  '',
  'Written by `npm run understanding`; do not edit. `tests/understanding/given.jsonl` is the labelled set that came with the',
  'specification, `own.jsonl` one in other words. An answer that says that it did not understand is counted apart from a wrong one.',
  '',
  ...sharesTable([...judged, ['all', all] as const]),
  '',
  '## Held out',
  '',
  `The lines of \`${heldOutFile}\` were labelled before they were run, and no word and no rule was changed for them. They were`,
  'written by one who knew the given set, in its mixture of kinds; words of people who do not know it may be harder.',
  '',
  ...sharesTable([[heldOutFile, judgeFile(heldOutFile)] as const]),
  '',
  '## First runs',
  '',
  'Every line of the other two sets has been looked at while words and rules were written, so the first table says how well',
  'they fit and not how they do on words of others. What each part of `own.jsonl` gave when it was run for the first time,',
  'before anything was mended:',
  '',
  row('Lines', 'Right', 'Wrong'),
  row('--:', '--:', '--:'),
  ...firstRuns.map((cells) => row(...cells)),
  '',
  `The last six of them, ${lastLines} lines, together: right ${percent(lastRight / lastLines)}, wrong ${percent(lastWrong / lastLines)}. A wrong answer is one`,
  'that differs from the label in anything; where a word of the question is not accounted for by what was understood, the nearest',
  'reading is offered and not answered.',
  '',
  '## What a language model adds',
  '',
  `Of all lines, ${model.asked} that were said to the assistant are not understood and would be put to a model. A scripted one that knows`,
  `the labels makes ${model.right} of them right through the same checks as a real one; of a hostile one that orders announcements and names`,
  `people who are nobody, ${model.hostile} answers are taken.`,
  '',
  '## By kind of intent',
  '',
  ...kindsTable(all),
  '',
  '## Cost of a sentence',
  '',
  'One process, one thread; the fastest of three runs of each sentence of both sets, of nine runs of each hostile text.',
  '',
  ...costTable(all.map(({ utterance }) => utterance.text)),
  '',
].join('\n')
writeFileSync(join(__dirname, '../../docs/understanding.md'), text)
process.stdout.write(text)
