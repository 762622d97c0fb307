/** Width and composition normalised (full-width digits become plain), invisible characters gone, ends trimmed. */
export function clean(text: string): string {
  if (/^[\x21-\x7e]*$/.test(text)) return text
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, (c) => (c === '\n' || c === '\r' || c === '\t' ? ' ' : ''))
    .trim()
}

/** What headers and words are compared by: clean, lower case, no spaces, no ending mark (`*`, `:`) or bracketed remark. */
export function wordKey(text: string): string {
  const plain = clean(text).toLowerCase().replace(/\s+/g, '')
  const bare = plain.replace(/^[*:]+|[*:]+$/g, '')
  const short = bare.replace(/\([^()]*\)$|\[[^[\]]*\]$/, '').replace(/^[*:]+|[*:]+$/g, '')
  return short || bare
}

/** A person's or school's name: clean, and without the spaces that people put between Chinese characters to align columns. */
export function cleanName(text: string): string {
  return clean(text)
    .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')
    .replace(/\s+/g, ' ')
}
