import type {
  OfficeAnswer,
  OfficeRefusal,
  OfficeRequest,
  OfficeRoute,
} from '@space-assistant/core/office/contract'
import { signedOut } from './account'
import { pageLocale, t } from './text'

export type Answered<T> = { ok: true; value: T } | { ok: false; refusal: OfficeRefusal }

/** Asks the bot. A failure is a value with its sentence; nothing is thrown. */
export async function ask<R extends OfficeRoute>(
  route: R,
  input: OfficeRequest<R>,
): Promise<Answered<OfficeAnswer<R>>> {
  const response = await postTo(route, JSON.stringify(input), { 'content-type': 'application/json' })
  if (!response) return offline()
  return readResponse<OfficeAnswer<R>>(response)
}

/** The answer in a response, or why there is none. */
export async function readResponse<T>(response: Response): Promise<Answered<T>> {
  if (response.status === 401) signedOut()
  try {
    const body: unknown = await response.json()
    return response.ok ? { ok: true, value: body as T } : { ok: false, refusal: body as OfficeRefusal }
  } catch {
    return offline()
  }
}

/** Sends something to a route under the header that only this page's own code can set. */
export function postTo(
  route: string,
  body: BodyInit,
  headers: Record<string, string>,
): Promise<Response | undefined> {
  const own = { 'x-space-page': '1', 'accept-language': pageLocale.value }
  return fetch(`/api/${route}`, {
    method: 'POST',
    headers: { ...headers, ...own },
    body,
    credentials: 'same-origin',
  }).catch(() => undefined)
}

function offline(): { ok: false; refusal: OfficeRefusal } {
  return { ok: false, refusal: { code: 'offline', text: t('state.offline') } }
}
