/** A failure that a user can cause; its sentence is in the locales under `space-imports.refusal`. */
export interface Refused {
  ok: false
  code: string
  params: Record<string, string | number>
}

export type Outcome<T> = { ok: true; value: T } | Refused

export const refused = (code: string, params: Refused['params'] = {}): Refused => ({
  ok: false,
  code,
  params,
})

/** Thrown inside a transaction so that nothing of it remains. */
export class Rollback extends Error {
  constructor(readonly refusal: Refused) {
    super(refusal.code)
  }
}
