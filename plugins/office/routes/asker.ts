import type { Context } from 'koishi'
import type { OfficeAsker } from '../visit'

/** Whoever asks, as logs and colleagues read the name. */
export function nameOfAsker({ access }: Context, { who, locale }: OfficeAsker): Promise<string> {
  return access.nameOf({ ...who, isDirect: true, locales: [locale] })
}
