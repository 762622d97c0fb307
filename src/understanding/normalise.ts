import talk from './words/talk.json'

/** A message ready to be cut into words. */
export interface NormalText {
  /** Half width, small letters, no faces and no mention of the assistant; what parts words is kept. */
  text: string
  /** As it was said, for texts that are handed on. */
  original: string
  /** Somebody else was mentioned, so it is not for the assistant. */
  toOthers: boolean
  /** Too long for a question: only its beginning is in `text`. */
  isLong: boolean
  /** It began with a slash. */
  command: boolean
}

/** What is longer tells something; of it only the beginning is read. */
const LONGEST = 400
/** The longest text that is handed on. */
const LONGEST_ORIGINAL = 2000
const LONGEST_QUESTION = 120
const mention = /@([^\s@,:]{1,20})/gu
const pictures = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}\u{200D}\u{20E3}\u{1F1E6}-\u{1F1FF}]/gu

/** Takes away what carries no meaning from what somebody wrote. */
export function normaliseQuestion(given: string): NormalText {
  const wide = given
    .slice(0, LONGEST)
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Co}]/gu, '')
  const plain = wide.toLowerCase().replace(pictures, (sign) => (/[\d#*]/.test(sign) ? sign : ' '))
  let toOthers = false
  const unaddressed = plain.replace(mention, (_, name: string) => {
    const own = talk.names.find((one) => name.startsWith(one))
    if (own === undefined) toOthers = true
    return own === undefined ? ' ' : ` ${name.slice(own.length)}`
  })
  const trimmed = unaddressed.replace(/\[[^\]\s]{1,6}\]/gu, ' ').trim()
  const command = /^[/\\]\s*\S/.test(trimmed)
  const text = joinSpaces(command ? trimmed.replace(/^[/\\]\s*/, '') : trimmed)
  const isLong = text.length > LONGEST_QUESTION
  return { text: text.slice(0, LONGEST_QUESTION), original: originalOf(given), toOthers, command, isLong }
}

/** The text as it was typed: what is handed on keeps its own signs and its whole length. */
function originalOf(given: string): string {
  return given
    .slice(0, LONGEST_ORIGINAL)
    .replace(/[\p{Cf}\p{Co}]/gu, '')
    .trim()
}

/** Spaces between single signs, around numbers and in words typed by letters part nothing. */
function joinSpaces(text: string): string {
  const spaced = text.replace(/\s+/g, ' ')
  if (!/\p{Script=Han}/u.test(spaced))
    return spaced.replace(/(?<=[a-z0-9]) (?=[a-z0-9])/g, '').replace(/(?<=[a-z0-9]{2})-(?=[a-z0-9]{4}$)/, '')
  const parts = spaced.split(' ')
  const single = parts.filter((part) => part.length === 1).length
  if (parts.length > 3 && single > parts.length * 0.6) return parts.join('')
  return spaced
    .replace(/(?<=\d) (?=\p{Script=Han})/gu, '')
    .replace(/(?<=\p{Script=Han}) (?=\d)/gu, '')
    .replace(/(?<=[a-z0-9]{4})[- ](?=[a-z0-9]{4}(?![a-z0-9]))/g, '')
}
