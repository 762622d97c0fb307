/** Looks like a full stop and ends no domain name (the full-width form). */
const STOP = String.fromCodePoint(0xff0e)
const SCHEME = /\b[a-z][a-z0-9+.-]*:\/\//gi
/** A dot between a word and at least two letters: a domain, and to some platforms also `name.xlsx`. */
const DOT = /(?<=[\p{L}\p{N}_-])\.(?=[a-z]{2,})/giu
/** `1.` in front of a word of any script: to some platforms a domain of two labels. */
const NUMBERED = /(?<=\d)\.(?=\p{L})/gu
/** A dot between letters of which one is not Latin: there are domains in every script. */
const SCRIPT = /(?<=[\p{L}\p{N}])\.(?=\p{Script=Han}{2,})/gu
/** What is left that a platform could still take for a host: numbers with three dots. */
const ADDRESS = /\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/g

/**
 * A text in which no platform finds a link: QQ refuses whole messages for an unregistered address and takes
 * `word.tld` shapes, file names too, for one. Decimal numbers stay as they are.
 */
export function withoutLinks(text: string): string {
  if (!text.includes('.') && !text.includes('://')) return text
  return text
    .replace(SCHEME, '')
    .replace(DOT, STOP)
    .replace(NUMBERED, STOP)
    .replace(SCRIPT, STOP)
    .replace(ADDRESS, (address) => address.replaceAll('.', STOP))
}
