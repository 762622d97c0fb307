import { platforms } from './world'
import type { Remainder } from './sender'

/** Something that was done to the delivery. */
export interface Fault {
  /** Milliseconds since 1970. */
  at: number
  /** How many messages had arrived before it. */
  before: number
  /** The outbox of the process that was killed; undefined when that had none yet. */
  killed?: string | undefined
  /** The messages that were marked as on their way in the database when the process was dead. */
  underway?: ReadonlySet<string>
  /** Whose connections fell, and of which messages only; undefined means those of all that were on their way. */
  platform?: string
  only?: ReadonlySet<string> | undefined
}

export interface Run {
  /** `text 0`, `text 1`, ...: one after the other to each of so many groups. */
  messages: number
  groups: number
  /** Texts in the order in which they arrived. */
  arrivals: readonly string[]
  faults: readonly Fault[]
  /** Messages to which the platform never said a word: of these nobody can know. */
  unanswered: ReadonlySet<string>
  /** Every message that is not `sent`, in the end. */
  rest: Remainder
  /** Messages that were taken back in time, as whoever took them back was told: they may not arrive. */
  cancelled?: ReadonlySet<string>
}

export interface Figures {
  faults: number
  runs: number
  messages: number
  arrived: number
  /** Neither arrived nor `unknown`. */
  lost: number
  twice: number
  /** Arrived although they were said to be taken back: must be none. */
  afterCancel: number
  /** Behind a message of the same group that is older. */
  disorder: number
  /** Neither `sent` nor `unknown` in the end. */
  unsettled: number
  /** Rows that were marked as on their way when a process was dead. */
  underway: number
  unknown: number
  /** Of the unknown ones, those that had arrived. */
  unknownArrived: number
  /** Of the unknown ones, those to which the platform never said a word. */
  unanswered: number
  /** Of the unknown ones, those that the sender itself gave up by its time-out although the platform had answered. */
  late: number
  /** Unknown ones that were not on their way at a fault: must be none. */
  outside: number
}

/** What must be 0 whatever happened. */
export const demands = ['lost', 'twice', 'afterCancel', 'disorder', 'unsettled', 'outside'] as const

/**
 * How long after its connection fell a message may be given up. What was on its way then ends by the close or by its own
 * time-out, whichever is seen first: so never later than the time-out of its adapter in this world (`startWorld`; the
 * SDK of WeCom has five seconds of its own), and the write of its end.
 */
const TIME_OUT_MS: Readonly<Record<string, number>> = {
  onebot: 2_000,
  qq: 2_000,
  wecom: 5_000,
  'wecom-webhook': 2_000,
}
const WRITE_MS = 500
const GIVEN_UP = 'no answer in time'

export function textOf(index: number): string {
  return `text ${index}`
}

function indexOf(text: string): number {
  return Number(text.slice(textOf(0).length - 1))
}

export function judge(run: Run): Figures {
  const { messages, faults, cancelled = new Set<string>() } = run
  const rest = run.rest.filter(({ text }) => !cancelled.has(text))
  const { twice, disorder, ...found } = findIn(run)
  const { places, unknown, open } = found
  const texts = Array.from({ length: messages }, (_, index) => textOf(index))
  return {
    ...{ faults: faults.length, runs: 1, messages, twice, disorder },
    arrived: texts.filter((text) => places.has(text)).length,
    lost: texts.filter((text) => !places.has(text) && !open.has(text) && !cancelled.has(text)).length,
    afterCancel: [...cancelled].filter((text) => places.has(text)).length,
    unsettled: rest.length - unknown.length,
    underway: faults.reduce((sum, { underway }) => sum + (underway?.size ?? 0), 0),
    unknown: unknown.length,
    unknownArrived: unknown.filter(({ text }) => places.has(text)).length,
    unanswered: unknown.filter(({ text }) => run.unanswered.has(text)).length,
    late: outsiders(run, found).filter((message) => message.detail === GIVEN_UP).length,
    outside: outsiders(run, found).filter((message) => message.detail !== GIVEN_UP).length,
  }
}

/** One line for each message that counts as `outside`: its platform, and how long after each fault it was settled. */
export function accountOf(run: Run): string[] {
  const found = findIn(run)
  const { groups } = run
  return outsiders(run, found).map((message) => {
    const { text, settledAt, detail = '' } = message
    const group = indexOf(text) % groups
    const marked = run.faults.findIndex(({ underway }) => underway?.has(text))
    const met = run.faults.findIndex((fault) => concerns(fault, message, group))
    const turn = met >= 0 && wasNext(run.faults[met]!, text, { groups, ...found })
    const why = `marked at fault ${marked}, met by ${met}, its turn ${String(turn)}, shown ${String(found.places.has(text))}, ${detail}`
    const since = run.faults
      .filter(({ at }) => at <= settledAt)
      .map(({ at, platform }) => `${platform ?? 'kill'} ${settledAt - at} ms`)
    return `${text} on ${platforms[(indexOf(text) % run.groups) % platforms.length]}: ${since.join(', ')}; ${why}`
  })
}

function findIn({ groups, arrivals, rest }: Run): Found & { twice: number; disorder: number } {
  const places = new Map<string, number>()
  const newest = new Map<number, number>()
  let [twice, disorder] = [0, 0]
  for (const [place, text] of arrivals.entries()) {
    const group = indexOf(text) % groups
    if (places.has(text)) twice++
    else if (indexOf(text) < (newest.get(group) ?? -1)) disorder++
    newest.set(group, Math.max(newest.get(group) ?? -1, indexOf(text)))
    if (!places.has(text)) places.set(text, place)
  }
  const unknown = rest.filter(({ state }) => state === 'unknown')
  return { places, unknown, open: new Set(unknown.map(({ text }) => text)), twice, disorder }
}

type Found = { unknown: Remainder; open: ReadonlySet<string>; places: ReadonlyMap<string, number> }

/** Messages that are unknown without having been on their way at a fault; a fault excuses one in each group. */
function outsiders({ groups, faults, unanswered }: Run, { unknown, open, places }: Found): Remainder {
  const excused = new Set<string>()
  const inOrder = unknown
    .filter(({ text }) => !unanswered.has(text))
    .sort((a, b) => indexOf(a.text) - indexOf(b.text))
  return inOrder.filter((message) => {
    const group = indexOf(message.text) % groups
    const culprit = faults.findIndex(
      (fault, number) =>
        !excused.has(`${number} ${group}`) &&
        concerns(fault, message, group) &&
        wasNext(fault, message.text, { groups, open, places }),
    )
    excused.add(`${culprit} ${group}`)
    return culprit < 0
  })
}

/** Whether a fault met the one who was sending a message, and its outcome was not yet known then. */
function concerns(fault: Fault, { text, owner, settledAt }: Remainder[number], group: number): boolean {
  if (settledAt < fault.at) return false
  if (fault.underway) return fault.killed === owner && fault.underway.has(text)
  if (fault.only && !fault.only.has(text)) return false
  return (
    fault.platform !== undefined &&
    platforms[group % platforms.length] === fault.platform &&
    settledAt - fault.at <= (TIME_OUT_MS[fault.platform] ?? 0) + WRITE_MS
  )
}

/**
 * Whether it was just this message's turn in its group, by what had arrived: all before it were through, none behind it
 * had begun. No clock is asked.
 */
function wasNext(
  { before }: Fault,
  text: string,
  { groups, open, places }: { groups: number } & Omit<Found, 'unknown'>,
): boolean {
  const arrivedBefore = (other: string) => (places.get(other) ?? Infinity) < before
  const own = indexOf(text)
  for (let index = own - groups; index >= 0; index -= groups) {
    if (!arrivedBefore(textOf(index)) && !open.has(textOf(index))) return false
  }
  for (const [other, place] of places) {
    if (indexOf(other) > own && (indexOf(other) - own) % groups === 0 && place < before) return false
  }
  return true
}

export function sum(a: Figures, b: Figures): Figures {
  const total = { ...a }
  for (const key of Object.keys(b) as (keyof Figures)[]) total[key] += b[key]
  return total
}
