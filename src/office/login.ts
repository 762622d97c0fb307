/** Letters that nobody mistakes for one another when reading aloud or typing; no digits, so that no other code looks like one. */
const letters = 'ABCDEFGHJKMNPRTUVWXY'
const length = 8

/** For how long a code lets somebody in. */
export const loginCodeMs = 5 * 60_000
/** A session ends so long after it was last used, and in any case so long after it began. */
export const sessionIdleMs = 12 * 3_600_000
export const sessionLongestMs = 7 * 86_400_000

/** A code out of chosen numbers, each at least 0 and below 1. */
export function makeLoginCode(chance: () => number): string {
  return Array.from({ length }, () => letters[Math.floor(chance() * letters.length)]).join('')
}

/** The code in a text however it was typed (small letters, full width, hyphens, spaces); undefined when it is none. */
export function readLoginCode(text: string): string | undefined {
  // Every line of every group is looked at.
  if (text.length > 24) return undefined
  const plain = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase()
  if (plain.length !== length) return undefined
  return [...plain].every((letter) => letters.includes(letter)) ? plain : undefined
}

/** Whether a session may still be used. Times are milliseconds since 1970. */
export function isSessionAlive({ since, seen }: { since: number; seen: number }, now: number): boolean {
  return now - seen < sessionIdleMs && now - since < sessionLongestMs
}

/** Wrong codes of one address, and of everybody, before answers become slow. */
export const freeTries = { address: 5, everybody: 100 }
/** The longest that somebody waits for an answer. */
const longestWaitMs = 5_000

/**
 * How long the next try waits after so many wrong ones within a quarter of an hour. Nobody is ever locked out: behind
 * one address there may be a whole school.
 */
export function waitBeforeTry(wrong: { address: number; everybody: number }): number {
  const over = Math.max(wrong.address - freeTries.address, wrong.everybody - freeTries.everybody)
  return over < 0 ? 0 : Math.min(1000 * 2 ** over, longestWaitMs)
}
