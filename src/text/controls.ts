/** Control characters but line ends and tabs, and marks that turn the direction of what is read. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A text without characters that nobody sees and that make it look like another one. Line ends become plain ones. */
export function removeControls(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085\u000b\u000c]/g, '\n')
    .replace(unseen, (character) => (character === '\n' || character === '\t' ? character : ''))
}
