import { byteLength } from './split'

export interface Parked {
  id: string
  /** Plain text; undefined for what cannot be joined (a picture, a file). */
  text: string | undefined
}

export interface Joined {
  ids: string[]
  /** Undefined: this is one message, sent as it is. */
  text: string | undefined
}

const GAP = '\n\n'

/**
 * Joins waiting messages into at most `messages` messages of at most `limit` bytes, in the order given (the most
 * important first). What does not fit is left out and keeps waiting; a message longer than one message goes alone.
 */
export function joinParked(parked: readonly Parked[], messages: number, limit: number): Joined[] {
  const joined: Joined[] = []
  for (const { id, text } of parked) {
    const last = joined.at(-1)
    if (last?.text !== undefined && text !== undefined && fits(last.text, text, limit)) {
      last.ids.push(id)
      last.text += GAP + text
    } else if (joined.length < messages) joined.push({ ids: [id], text })
    else break
  }
  return joined
}

function fits(before: string, text: string, limit: number): boolean {
  return byteLength(before) + byteLength(GAP) + byteLength(text) <= limit
}
