const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
const han = /\p{Script=Han}/u

/** Full width to half width, upper to lower case, compatibility forms to plain ones. */
export function plainReportText(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/**
 * Tokens of a text for comparing and searching: bigrams of every run of Han characters (a lone one as itself), the
 * words that Intl.Segmenter finds in it where longer than two, and whole words of letters or digits.
 */
export function tokenize(text: string): string[] {
  const tokens: string[] = []
  for (const run of plainReportText(text).match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ??
    []) {
    if (!han.test(run)) {
      tokens.push(run)
      continue
    }
    tokens.push(...bigrams(run))
    for (const { segment } of segmenter.segment(run)) if ([...segment].length > 2) tokens.push(segment)
  }
  return tokens
}

/** The words of a text as Intl.Segmenter finds them, of two characters or more. */
export function splitReportWords(text: string): string[] {
  return [...segmenter.segment(plainReportText(text))]
    .filter(({ segment, isWordLike }) => isWordLike && [...segment].length > 1)
    .map(({ segment }) => segment)
}

function bigrams(run: string): string[] {
  const characters = [...run]
  if (characters.length < 2) return characters
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}

/** The text with every one of the words replaced by a break, longest first, so that what is left can be compared. */
export function without(text: string, words: readonly string[]): string {
  const longest = [...words].sort((a, b) => b.length - a.length)
  return longest.reduce((left, word) => left.replaceAll(word, ' '), plainReportText(text))
}
