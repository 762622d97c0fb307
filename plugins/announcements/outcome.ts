/** A failure that staff can cause; its sentence is in the locales under `refusal`. */
export interface Refused {
  ok: false
  code: string
  params: Record<string, string | number>
}

export type Outcome<T> = { ok: true; value: T } | Refused

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })

export const refused = (code: string, params: Refused['params'] = {}): Refused => ({
  ok: false,
  code,
  params,
})
