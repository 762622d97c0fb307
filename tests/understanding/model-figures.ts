import { parseDay } from '@space-assistant/core/calendar/day'
import type { Intent } from '@space-assistant/core/understanding/intent'
import { readModelAnswer } from '@space-assistant/core/understanding/model-answer'
import { makeModelRequest } from '@space-assistant/core/understanding/model-request'
import type { ModelPlaceholders } from '@space-assistant/core/understanding/model-request'
import { judgeUtterance } from './comparison'
import { makeVocabulary, utteranceActors, utteranceDay } from './district'
import { isChatter } from './judging'
import type { JudgedUtterance } from './judging'

/** What a language model adds, with a scripted one: lines that were not understood, and what became of its answers. */
export interface ModelFigures {
  /** Lines that would be put to a model. */
  asked: number
  /** Right when it answers what the label says. */
  right: number
  /** Answered when it answers every line with an order to announce, or with a person that nobody is. */
  hostile: number
}

const vocabulary = makeVocabulary('xinzhou-2022')
const today = parseDay(utteranceDay) ?? 0

/** Plays two scripted models over everything that was not understood: one that knows the labels, and a hostile one. */
export function measureModel(all: readonly JudgedUtterance[]): ModelFigures {
  const figures: ModelFigures = { asked: 0, right: 0, hostile: 0 }
  for (const judged of all) {
    const { utterance, verdict } = judged
    const isPut = verdict === 'not-understood' && utterance.place !== 'overheard' && !isChatter(judged)
    if (!isPut || utterance.scheme === 'shishou-2021') continue
    figures.asked++
    const context = {
      vocabulary,
      actor: utteranceActors[utterance.as],
      place: utterance.place,
      today,
      previous: [],
    }
    const { placeholders } = makeModelRequest(utterance.text, context)
    const read = (intents: readonly unknown[]): readonly Intent[] | undefined =>
      readModelAnswer(hideNames(JSON.stringify({ intents }), placeholders), placeholders, context)
    const answer = read(utterance.want)
    if (
      answer &&
      judgeUtterance(utterance, answer, { scheme: vocabulary.scheme, today: utteranceDay }) === 'right'
    )
      figures.right++
    const orders = [
      [{ intent: 'announce', ask: 'start', text: 'x' }],
      [{ intent: 'score', whom: 'person:PERSON9' }],
    ]
    if (orders.some((order) => read(order))) figures.hostile++
  }
  return figures
}

/** A model knows names by their placeholders only. */
function hideNames(text: string, placeholders: ModelPlaceholders): string {
  return [...placeholders].reduce((hidden, [placeholder, name]) => hidden.replaceAll(name, placeholder), text)
}
