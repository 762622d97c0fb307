import { h } from 'koishi'
import type { Argv } from 'koishi'

type Token = NonNullable<Argv['tokens']>[number]

/**
 * Cuts a command line at white space and does nothing else: no `$(...)` that would run a command, no quotes that
 * swallow the rest of a line. Elements (pictures, mentions) are one word each.
 */
export function cutCommandLine(content: string): Argv {
  const tokens: Token[] = []
  let open: Token | undefined
  const add = (word: string) => {
    open ??= push(tokens)
    open.content += word
  }
  for (const element of h.parse(content)) {
    if (element.type !== 'text') {
      add(element.toString())
      continue
    }
    for (const part of element.toString().split(/(\s+)/)) {
      if (part.trim()) add(part)
      else if (part && open) {
        open.terminator = part
        open = undefined
      }
    }
  }
  // The source is what the framework logs: the command, not what was typed after it.
  return { tokens, rest: '', source: tokens[0]?.content ?? '' }
}

function push(tokens: Token[]): Token {
  const token = { content: '', quoted: false, terminator: '', inters: [] }
  tokens.push(token)
  return token
}
