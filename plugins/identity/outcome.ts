/** A failure that a user can cause; its sentence is in the locales under `space-identity`. */
export interface Refusal {
  code: string
  params: Record<string, string | number>
}

export type Outcome<T> = { ok: true; value: T } | ({ ok: false } & Refusal)

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })

export const refused = (code: string, params: Refusal['params'] = {}): { ok: false } & Refusal => ({
  ok: false,
  code,
  params,
})

/** Thrown inside a transaction so that nothing of it remains. */
class Rollback extends Error {
  constructor(readonly refusal: { ok: false } & Refusal) {
    super(refusal.code)
  }
}

/** Ends the transaction that runs, with the refusal as its outcome. */
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
