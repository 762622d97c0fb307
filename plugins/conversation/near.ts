import { distance } from '@space-assistant/core/text/nearest'
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
