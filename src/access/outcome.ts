/** Why somebody does not get what they have asked for: the code of a sentence in the locales, and what is filled in there. */
export interface Refusal {
  code: string
  params: Record<string, string | number>
}

export type Refused = { ok: false } & Refusal

/** What has come of something that somebody asked for. */
export type Outcome<T> = { ok: true; value: T } | Refused

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })

export const refused = (code: string, params: Refusal['params'] = {}): Refused => ({
  ok: false,
  code,
  params,
})

/** Thrown inside a transaction so that nothing of it remains. */
class Rollback extends Error {
  constructor(readonly refusal: Refused) {
    super(refusal.code)
  }
}

/** Ends the transaction that runs in `attempt`, with the refusal as its outcome. */
export function rollback(code: string, params: Refusal['params'] = {}): never {
  throw new Rollback(refused(code, params))
}

/** Runs a transaction whose callback may `rollback`. */
export async function attempt<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return done(await run())
  } catch (error) {
    if (error instanceof Rollback) return error.refusal
    throw error
  }
}
