/**
 * What kind of answer is waited for. `act`: a yes to something that reaches many or changes data; `offer`: a yes or no
 * without such weight; `choice`: one of some numbered lines; `text`: whatever is written next; `file`: the next file.
 */
export const questionForms = ['act', 'offer', 'choice', 'text', 'file'] as const
export type QuestionForm = (typeof questionForms)[number]

/** A question that was put to the speaker and is still open. */
export interface OpenQuestion {
  /** By which it is answered: `confirm 5`. */
  number: number
  form: QuestionForm
  /** How many lines there are to choose from. */
  choices: number
  /** Whether it was put in the chat in which the speaker now speaks. */
  here: boolean
}

/** Words that answer by themselves; each stands alone in a message. */
export interface AnswerWords {
  /** Before a number, too. */
  confirm: readonly string[]
  cancel: readonly string[]
  /** Said all day long, so that they confirm nothing in a group. */
  yes: readonly string[]
  no: readonly string[]
  /** Around the number of a choice. */
  ordinal: readonly string[]
}

/** A message that consists of an answer and nothing else. */
export type ClosedAnswer =
  | { kind: 'confirm' | 'cancel'; number?: number }
  | { kind: 'yes' | 'no' }
  | { kind: 'number'; number: number }

/** An answer as it reached the assistant. */
export interface HeardAnswer {
  place: 'private' | 'staff-group' | 'group'
  /** In private, or the assistant was mentioned or quoted. */
  addressed: boolean
  /** Undefined for anything that is more than a closed answer. */
  answer: ClosedAnswer | undefined
  /** The number of the question whose message is quoted. */
  quoted?: number
  attached: boolean
}

/** Why an answer answers nothing, and what to say instead. */
export const answerFailures = [
  'nothing-to-confirm',
  'nothing-to-cancel',
  'nothing-asked',
  'no-such-question',
  'several-open',
  'number-needed',
  'elsewhere',
] as const
export type AnswerFailure = (typeof answerFailures)[number]

export type PendingDecision =
  | { kind: 'yes' | 'no' | 'given'; number: number }
  | { kind: 'chosen'; number: number; choice: number }
  | { kind: 'explain'; code: AnswerFailure; number?: number }
  | { kind: 'no-answer' }

const none: PendingDecision = { kind: 'no-answer' }

/** Reads a message that is a closed answer; `text` without elements. Undefined when it is, or may be, anything else. */
export function readClosedAnswer(text: string, words: AnswerWords): ClosedAnswer | undefined {
  if (text.length > 24) return undefined
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{Cf}~]+/gu, '')
  for (const kind of ['confirm', 'cancel'] as const) {
    const word = words[kind].find((each) => plain.startsWith(each))
    if (word === undefined) continue
    const rest = /^(\d{1,9})\p{L}?$/u.exec(plain.slice(word.length))?.[1]
    if (rest !== undefined) return { kind, number: Number(rest) }
    if (words[kind].includes(plain)) return { kind }
  }
  if (words.yes.includes(plain)) return { kind: 'yes' }
  if (words.no.includes(plain)) return { kind: 'no' }
  const digits = words.ordinal.reduce((left, word) => left.replace(word, ''), plain)
  return /^\d{1,2}$/.test(digits) ? { kind: 'number', number: Number(digits) } : undefined
}

/**
 * Which open question of the speaker a message answers, `open` oldest first. What is not meant for the assistant answers
 * nothing, unless it is a closed word with the number of one of the speaker's own questions.
 */
export function decidePendingAnswer(open: readonly OpenQuestion[], heard: HeardAnswer): PendingDecision {
  const { answer, addressed } = heard
  const files = open.filter(({ form, here }) => form === 'file' && here)
  // A file cannot carry a mention, and leads to no more than a preview.
  if (heard.attached && files.length) return { kind: 'given', number: files.at(-1)?.number ?? 0 }
  if (!answer) return addressed ? decideText(open) : none
  switch (answer.kind) {
    case 'confirm':
      return answer.number === undefined
        ? decideBareConfirm(open, heard)
        : decideNumberedConfirm(open, heard, answer.number)
    case 'cancel':
      return answer.number === undefined
        ? decideCancel(open, heard)
        : decideNumberedCancel(open, heard, answer.number)
    case 'yes':
      return decideYes(open, heard)
    case 'no':
      return decideNo(open, heard)
    case 'number':
      return decideChoice(open, heard, answer.number)
  }
}

function decideText(open: readonly OpenQuestion[]): PendingDecision {
  const newest = open.filter(({ here }) => here).at(-1)
  return newest?.form === 'text' ? { kind: 'given', number: newest.number } : none
}

function decideNumberedConfirm(
  open: readonly OpenQuestion[],
  heard: HeardAnswer,
  number: number,
): PendingDecision {
  const question = open.find((each) => each.number === number && isYesNo(each))
  if (!question) return heard.addressed ? { kind: 'explain', code: 'no-such-question', number } : none
  return confirmIn(heard, question)
}

function confirmIn({ place }: HeardAnswer, { form, number, here }: OpenQuestion): PendingDecision {
  const elsewhere = form === 'act' ? place === 'group' : !here
  return elsewhere ? { kind: 'explain', code: 'elsewhere', number } : { kind: 'yes', number }
}

/** Without its number only in private, and only when nothing else can be meant. */
function decideBareConfirm(open: readonly OpenQuestion[], heard: HeardAnswer): PendingDecision {
  if (!heard.addressed) return none
  const meant = open.filter((each) => isYesNo(each) && (each.form === 'act' || each.here))
  const quoted = meant.filter(({ number }) => number === heard.quoted)
  const [first, second] = quoted.length ? quoted : meant
  if (!first) return { kind: 'explain', code: 'nothing-to-confirm' }
  if (second) return { kind: 'explain', code: 'several-open' }
  if (heard.place === 'group' && first.form === 'act') return confirmIn(heard, first)
  if (heard.place !== 'private' && first.form === 'act')
    return { kind: 'explain', code: 'number-needed', number: first.number }
  return confirmIn(heard, first)
}

function decideNumberedCancel(
  open: readonly OpenQuestion[],
  heard: HeardAnswer,
  number: number,
): PendingDecision {
  if (open.some((each) => each.number === number)) return { kind: 'no', number }
  return heard.addressed ? { kind: 'explain', code: 'no-such-question', number } : none
}

function decideCancel(open: readonly OpenQuestion[], heard: HeardAnswer): PendingDecision {
  if (!heard.addressed) return none
  const quoted = open.find(({ number }) => number === heard.quoted)
  const newest = quoted ?? open.findLast(({ here }) => here) ?? open.at(-1)
  return newest ? { kind: 'no', number: newest.number } : { kind: 'explain', code: 'nothing-to-cancel' }
}

/** An everyday word is an answer to an offer only, and in private only. */
function decideYes(open: readonly OpenQuestion[], heard: HeardAnswer): PendingDecision {
  if (!heard.addressed) return none
  const newest = open.findLast((each) => each.here && isYesNo(each))
  if (!newest) return heard.place === 'private' ? { kind: 'explain', code: 'nothing-asked' } : none
  if (newest.form === 'offer' && heard.place === 'private') return { kind: 'yes', number: newest.number }
  return { kind: 'explain', code: 'number-needed', number: newest.number }
}

/** A no does nothing, so that it may be an everyday word. */
function decideNo(open: readonly OpenQuestion[], heard: HeardAnswer): PendingDecision {
  if (!heard.addressed) return none
  const newest = open.findLast(({ here }) => here)
  if (newest) return { kind: 'no', number: newest.number }
  return heard.place === 'private' ? { kind: 'explain', code: 'nothing-asked' } : none
}

function decideChoice(open: readonly OpenQuestion[], heard: HeardAnswer, choice: number): PendingDecision {
  if (!heard.addressed) return none
  const newest = open.findLast(({ here }) => here)
  if (newest?.form !== 'choice' || choice < 1 || choice > newest.choices) return decideText(open)
  return { kind: 'chosen', number: newest.number, choice }
}

const isYesNo = ({ form }: OpenQuestion) => form === 'act' || form === 'offer'
