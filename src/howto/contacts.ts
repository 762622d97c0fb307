import { z } from 'zod'
import { formatPath, readConfig } from '../configuration/document'
import type { ConfigPath, ConfigProblem, ConfigResult } from '../configuration/document'

const text = z.string().min(1).max(60)

const contact = z.strictObject({
  name: text.describe('What it is called.'),
  phone: z
    .string()
    .regex(/^[\d+ -]{5,20}$/)
    .optional()
    .describe('A public number of an office.'),
  qq: z
    .string()
    .regex(/^\d{5,12}$/)
    .optional()
    .describe('Number of a group.'),
  site: z
    .string()
    .regex(/^[a-z\d.-]{4,60}$/)
    .optional()
    .describe('A host name, without a scheme.'),
  ask: text.optional().describe('Whom to ask while nothing else is filled in.'),
})

/** The shape of `config/contacts.yml`. */
export const contactsFile = z.strictObject({
  contacts: z.array(
    z.strictObject({
      scheme: z.string().min(1).describe('Id of the scheme to whose district it belongs.'),
      bureau: contact,
      platform: contact,
      group: contact,
      area: contact.optional().describe("The activity's zone on the platform."),
      scores: z.array(z.string().min(1).max(100)).describe('Where on the platform scores are seen.'),
    }),
  ),
})

/** One office, hotline, group or page, as far as it is known. */
export type Contact = z.infer<typeof contact>
/** The contacts of one scheme's district. */
export type DistrictContacts = z.infer<typeof contactsFile>['contacts'][number]

const places = ['bureau', 'platform', 'group', 'area'] as const

/**
 * Reads the text of `config/contacts.yml`; `file` is only named in problems. A mobile number is a person's, so it is
 * refused, and what says neither how to reach it nor whom to ask is incomplete.
 */
export function loadContacts(content: string, file: string): ConfigResult<readonly DistrictContacts[]> {
  const read = readConfig(content, file, contactsFile)
  if (!read.ok) return read
  const { value, text: source } = read.value
  const problems = value.contacts.flatMap((district, index) =>
    places.flatMap((place): ConfigProblem[] => {
      const mistake = mistakeOf(district[place])
      if (!mistake) return []
      const path: ConfigPath = ['contacts', index, place, ...mistake.path]
      const { code, params } = mistake
      return [{ file, path: formatPath(path), line: source.lineAt(path), code, params }]
    }),
  )
  return problems.length ? { ok: false, problems } : { ok: true, value: value.contacts }
}

function mistakeOf(
  given: Contact | undefined,
): (Pick<ConfigProblem, 'code' | 'params'> & { path: string[] }) | undefined {
  if (!given) return undefined
  const { phone, qq, site, ask } = given
  if (phone !== undefined && isMobile(phone)) {
    return { path: ['phone'], code: 'not-permitted', params: { given: phone } }
  }
  const isEmpty = [phone, qq, site, ask].every((part) => part === undefined)
  return isEmpty ? { path: ['ask'], code: 'missing', params: {} } : undefined
}

function isMobile(phone: string): boolean {
  return /^(?:\+?86)?1[3-9]\d{9}$/.test(phone.replace(/[ -]/g, ''))
}
