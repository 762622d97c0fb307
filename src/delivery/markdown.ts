/** Looks like an asterisk and emphasises nothing (the full-width form). */
const ASTERISK = String.fromCodePoint(0xff0a)
/** Stands behind a number without making a list of it. */
const COMMA = String.fromCodePoint(0x3001)
/** Looks like `>` and quotes nothing. */
const ABOVE = String.fromCodePoint(0xff1e)

/**
 * Plain text as markdown that shows it as it is. WeCom renders whatever the bot says and knows no backslash escapes:
 * `2. 2. 4.` at the beginnings of lines becomes 1, 2, 3, and a masked number loses its asterisks.
 */
export function markdownOf(text: string): string {
  return text
    .replace(/\*/g, ASTERISK)
    .replace(/^([ \t]*\d+)[.)][ \t]+/gm, `$1${COMMA}`)
    .replace(/^([ \t]*)>/gm, `$1${ABOVE}`)
    .replace(/^([ \t]*)([-+])(?=[ \t])/gm, '$1\u2010')
    .replace(/^([ \t]*#{1,6})(?=[ \t])/gm, '$1\u200b')
}
