/** A value that cannot be absent where it is asked for; an error that names it when it is: a mistake in the code. */
export function present<T>(value: T, what: string): NonNullable<T> {
  if (value === undefined || value === null) throw new Error(`${what} must be there and is not`)
  return value
}
