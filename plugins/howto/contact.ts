import { loadContacts } from '@space-assistant/core/howto/contacts'
import type { Contact, DistrictContacts } from '@space-assistant/core/howto/contacts'
import type { Translate } from '@space-assistant/core/text/translate'
import type { IntentOf } from '@space-assistant/core/understanding/intent'
import type { Context } from 'koishi'

/** The contacts of the active scheme's district; undefined where there are none or the file has mistakes. */
export function readDistrictContacts(ctx: Context): DistrictContacts | undefined {
  const { schemes } = ctx
  const [file] = schemes.texts(/^contacts\.ya?ml$/)
  if (!file) return undefined
  const read = loadContacts(file.text, file.file)
  if (read.ok) return read.value.find(({ scheme }) => scheme === schemes.active.id)
  ctx.logger('space-howto').warn('%s was not read: it has mistakes', file.file)
  return undefined
}

/** How an office, the platform, the group or the own school is reached, or whom to ask where that is not filled in. */
export function contactText(
  say: Translate,
  contacts: DistrictContacts | undefined,
  what: IntentOf<'contact'>['what'],
): string {
  if (what === 'school') return say('contact.school')
  if (!contacts) return say('contact.none')
  if (what !== undefined) return contactLine(say, contacts[what])
  return [contacts.bureau, contacts.platform, contacts.group].map((one) => contactLine(say, one)).join('\n')
}

function contactLine(say: Translate, { name, phone, qq, site, ask }: Contact): string {
  const ways = [
    ...(phone === undefined ? [] : [say('contact.phone', { phone })]),
    ...(qq === undefined ? [] : [say('contact.qq', { qq })]),
    ...(site === undefined ? [] : [say('contact.site', { site })]),
  ]
  if (ways.length) return say('contact.line', { name, ways: ways.join(say('contact.and')) })
  return say('contact.ask', { name, ask: ask ?? say('contact.anybody') })
}
