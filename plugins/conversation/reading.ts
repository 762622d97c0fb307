import words from './words.json'

/** What was said, with the mention of the assistant and its name left out. */
export interface SaidText {
  /** Elements as the framework writes them. */
  content: string
  /** In private, mentioned, called by name, or in answer to one of its own messages. */
  addressed: boolean
}

/** What a message is, before anything is looked up. */
export type MessageReading =
  /** `content` begins with a plain slash and the name of a known command. */
  | { kind: 'command'; content: string }
  /** Meant as a command, but there is none of that name. */
  | { kind: 'unknown'; given: string }
  | { kind: 'talk'; text: string }
  /** Nothing for the bot. */
  | { kind: 'chatter' }

/** What can be asked about the commands there are. */
export interface Names {
  has(name: string): boolean
  /** The longest known name of Chinese characters that the text begins with. */
  beginning(text: string): string | undefined
}

/**
 * Reads a message: full-width slashes and spaces, a space after the slash, no space after the name, the key
 * that gives another mark while a Chinese input method is on. Only the head of a command is changed.
 */
export function readMessage({ content, addressed }: SaidText, names: Names): MessageReading {
  const text = content.replace(/^[\s\p{Cf}]+/u, '')
  const [first = ''] = text
  const slash = isSlash(first)
  const alike = !slash && words.slashes.includes(first)
  if (!slash && !alike) return addressed ? plain(text, names) : { kind: 'chatter' }
  const body = text.slice(first.length).replace(/^[\s\p{Cf}]+/u, '')
  const command = asCommand(body, names)
  if (command !== undefined) return { kind: 'command', content: command }
  const given = /^[^\s<]*/.exec(body)?.[0] ?? ''
  if (slash && given) return { kind: 'unknown', given }
  return addressed ? { kind: 'talk', text } : { kind: 'chatter' }
}

/** A slash in any width. */
const isSlash = (character: string) => character.normalize('NFKC') === '/'

/** Without a slash only a name that stands alone is a command: a sentence may begin with the same word. */
function plain(text: string, names: Names): MessageReading {
  const name = /^[^\s<]+/.exec(text)?.[0]
  if (name !== undefined && names.has(name)) return { kind: 'command', content: `/${join(text, name)}` }
  return { kind: 'talk', text }
}

function asCommand(body: string, names: Names): string | undefined {
  const name = /^[^\s<]+/.exec(body)?.[0]
  if (name === undefined) return
  if (names.has(name.toLowerCase())) return `/${join(body, name)}`
  const beginning = names.beginning(name)
  return beginning === undefined ? undefined : `/${join(body, beginning)}`
}

/** The name, one space, and the rest as it was typed. */
function join(body: string, name: string): string {
  return `${name} ${body.slice(name.length).replace(/^\s+/, '')}`.trimEnd()
}
