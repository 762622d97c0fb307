import type { Engine } from './engine'

/** Texts in an engine's memory, each ended by a line end; can be sent to another thread. */
export interface Lines {
  /** Address and bytes. */
  lines: number
  size: number
}

/** The accounts of all members, in order of member. */
export interface Accounts extends Lines {
  count: number
  /** The table to find them by, where each is written in a file in one way only; else 0. */
  texts: number
}

const encoder = new TextEncoder()
const plain = /^[\w.@\n-]*$/

/** Puts texts into an engine's memory; none may have a line end in it. */
export function putLines(engine: Engine, texts: readonly string[]): Lines {
  const bytes = encoder.encode(linesOf(texts))
  return { lines: engine.put(bytes), size: bytes.length }
}

export function putAccounts(engine: Engine, accounts: readonly string[]): Accounts {
  const { lines, size } = putLines(engine, accounts)
  const count = accounts.length
  const texts = plain.test(linesOf(accounts)) ? engine.calls.textsOf(lines, size, count) : 0
  return { count, lines, size, texts }
}

/** The texts again. */
export function takeLines(engine: Engine, { lines, size }: Lines): string[] {
  return new TextDecoder()
    .decode(engine.bytes.slice(lines, lines + size))
    .split('\n')
    .slice(0, -1)
}

function linesOf(texts: readonly string[]): string {
  return texts.length ? `${texts.join('\n')}\n` : ''
}
