/** Width and composition normalised (full-width digits become plain), invisible characters gone, ends trimmed. */
export function clean(text: string): string {
  if (isPlain(text)) return text
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}]/gu, (c) => (c === '\n' || c === '\r' || c === '\t' ? ' ' : ''))
    .trim()
}

/** Whether the text is only of visible ASCII and common Chinese characters, which nothing has to be done to. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (!((unit > 0x20 && unit < 0x7f) || (unit >= 0x4e00 && unit <= 0x9fff))) return false
  }
  return true
}

/** Whether the text is only of what `wordKey` never changes: common Chinese characters, digits, small letters. */
function isBare(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const plain = (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39)
    if (!plain && !(unit >= 0x4e00 && unit <= 0x9fff)) return false
  }
  return true
}

/** What words in cells are compared by: clean, lower case, no spaces, no mark (`*`, `:`) at the ends. */
export function valueKey(text: string): string {
  if (isBare(text)) return text
  const plain = clean(text).toLowerCase().replace(/\s+/g, '')
  return plain.replace(/^[*:]+|[*:]+$/g, '')
}

/** What headers are compared by: as words in cells, and without a remark in brackets at the end. */
export function wordKey(text: string): string {
  const bare = valueKey(text)
  const short = bare
    .replace(/\([^()]*\)$|\[[^[\]]*\]$|\u3010[^\u3010\u3011]*\u3011$/, '')
    .replace(/^[*:]+|[*:]+$/g, '')
  return short || bare
}

/** A person's or school's name: clean, and without the spaces that people put between Chinese characters to align columns. */
export function cleanName(text: string): string {
  const plain = clean(text)
  if (!/\s/.test(plain)) return plain
  return plain.replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '').replace(/\s+/g, ' ')
}

/**
 * How a word is compared: compatibility forms folded (full width), lower case, nothing but letters and digits.
 * Everything that is looked up in a question goes through it on both sides.
 */
export function questionKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}
