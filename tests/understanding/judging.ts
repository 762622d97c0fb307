import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeUtterance, utteranceSchema } from './comparison'
import type { Utterance, UtteranceVerdict } from './comparison'
import { makeVocabulary, understandAfter, utteranceDay } from './district'
import type { Intent } from '@space-assistant/core/understanding/intent'

export interface JudgedUtterance {
  utterance: Utterance
  answer: readonly Intent[]
  verdict: UtteranceVerdict
  /** The first kind of intent that is wanted; chatter is `none` in a group that is only overheard. */
  kind: string
}

/** The two sets of labelled utterances: the given one and the one written beside it. */
export const utteranceFiles = ['given.jsonl', 'own.jsonl'] as const

/** Lines that no word and no rule is ever changed for: what they give is what others' words would give. */
export const heldOutFile = 'held-out.jsonl'

const vocabularies = {
  'xinzhou-2022': makeVocabulary('xinzhou-2022'),
  'shishou-2021': makeVocabulary('shishou-2021'),
}

/** Understands and judges every line of a file. */
export function judgeFile(file: (typeof utteranceFiles)[number] | typeof heldOutFile): JudgedUtterance[] {
  const lines = readFileSync(join(__dirname, file), 'utf8').trim().split('\n')
  return lines.map((line) => {
    const utterance = utteranceSchema.parse(JSON.parse(line))
    const vocabulary = vocabularies[utterance.scheme === 'shishou-2021' ? 'shishou-2021' : 'xinzhou-2022']
    const { text, before = [], as, place, want } = utterance
    const answer = understandAfter(text, before, { vocabulary, as, place })
    const verdict = judgeUtterance(utterance, answer, { scheme: vocabulary.scheme, today: utteranceDay })
    return { utterance, answer, verdict, kind: String(want[0]?.['intent']) }
  })
}

/** Whether a line is talk between people, which is answered with nothing. */
export function isChatter({ kind, utterance: { also = [] } }: JudgedUtterance): boolean {
  return kind === 'none' && also.length === 0
}

/** Shares of a set: what was right, not understood and wrong of all, chatter answered, follow-ups right. */
export function sharesOf(all: readonly JudgedUtterance[]) {
  const part = (some: readonly JudgedUtterance[], verdict: UtteranceVerdict) =>
    some.length ? some.filter((one) => one.verdict === verdict).length / some.length : 0
  const chatter = all.filter(isChatter)
  const followUps = all.filter(({ utterance }) => utterance.before !== undefined)
  return {
    lines: all.length,
    right: part(all, 'right'),
    notUnderstood: part(all, 'not-understood'),
    wrong: part(all, 'wrong'),
    chatter: chatter.length,
    chatterAnswered: part(chatter, 'wrong'),
    followUps: followUps.length,
    followUpsRight: part(followUps, 'right'),
  }
}
