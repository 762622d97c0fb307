const ORIGINAL = Symbol.for('cordis.original')

interface Traced<T> {
  [ORIGINAL]?: T
}

/**
 * A value of the bot framework without the proxies by which it traces who uses it, however many lie over each other: to
 * read a handful of properties through them takes as long as an answer. What the framework adds to a value only there
 * is missing then, such as the `text` and `send` of a session.
 */
export function unwrap<T>(value: T): T {
  let found = value
  for (;;) {
    const original = (found as Traced<T> | undefined)?.[ORIGINAL]
    if (original === undefined) return found
    found = original
  }
}
