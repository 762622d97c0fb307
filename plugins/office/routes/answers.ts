import type { RouteRefusal } from '../visit'

/** What a route answers. */
export const answered = <T>(value: T) => ({ ok: true, value }) as const

/** Why it does not; the sentence is in the locales under the code. */
export const declined = (code: string, params: RouteRefusal['params'] = {}): RouteRefusal => ({
  ok: false,
  code,
  params,
})

/** One page of a list, and how many there are. A page behind the last one is the last one. */
export function pageOfList(total: number, wanted: number, size: number) {
  const pages = Math.max(1, Math.ceil(total / size))
  const page = Math.min(wanted, pages)
  return { page, pages, total, offset: (page - 1) * size }
}
