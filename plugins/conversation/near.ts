import { pinyin } from 'pinyin-pro'

const most = 3

/** Names of commands that somebody may have meant: the same sound, its first letters, or one character off. */
export function nearNames(given: string, names: readonly string[]): string[] {
  const typed = given.normalize('NFKC').toLowerCase()
  const heard = soundOf(typed)
  return names
    .map((name) => ({
      name,
      off: alike(heard, name) ? 0 : shares(typed, name) ? distance(typed, name) : Infinity,
    }))
    .filter(({ off }) => off <= 1)
    .sort((a, b) => a.off - b.off)
    .slice(0, most)
    .map(({ name }) => name)
}

const soundOf = (text: string) => syllables(text).join('')
const syllables = (text: string) => pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive' })

function alike(heard: string, name: string): boolean {
  const parts = syllables(name)
  return heard === parts.join('') || heard === parts.map((part) => part[0]).join('')
}

const shares = (typed: string, name: string) => [...name].some((character) => typed.includes(character))

/** How many characters must be added, left out or changed. */
function distance(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  let row = right.map((_, i) => i + 1)
  row.unshift(0)
  for (const [i, character] of left.entries()) {
    const next = [i + 1]
    for (const [j, other] of right.entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (character === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1)!
}
