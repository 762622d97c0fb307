import words from './words.json'

const compound: ReadonlySet<string> = new Set(words['compound-surnames'])

/** A name as strangers may read it: the surname, of one character or a known double one, then one star. */
export function maskName(name: string): string {
  // Code points, not UTF-16 units: rare characters take two units.
  const [first = '', second = '', third] = Array.from(name.trim())
  // Somebody whose whole name is two characters long has a surname of one.
  return third !== undefined && compound.has(first + second) ? `${first}${second}*` : `${first}*`
}
