import { createHash } from 'node:crypto'
import type { BulletinFacts } from '@space-assistant/core/bulletins/facts'
import { strangeNumbers } from '@space-assistant/core/bulletins/strange'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type { Bulletin } from './store'
import type { BulletinHead } from './table'

/** Who does something: the same person with several chat accounts has one key. */
export interface BulletinAuthor {
  person: string
  name: string
}

/** A hash of everything that is published of a bulletin: any edit gives another. */
export function contentOf({ head, sections, facts }: Bulletin): string {
  const { title, docnumber, recipients, issuer, audience, corrects, reason } = head
  const said = sections.map(({ part, content }) => [part, content])
  const all = [title, docnumber, recipients, issuer, audience, corrects, corrects ? reason : '', said, facts]
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}

export function emptyHead(
  { person, name }: BulletinAuthor,
  now: number,
): Omit<BulletinHead, 'id' | keyof StampColumns> {
  return {
    ...{ state: 'drafted', title: '', docnumber: '', recipients: '', issuer: '', author: person },
    ...{ authorName: name.slice(0, 64), submitter: '', submittedAt: 0, approver: '', approverName: '' },
    ...{ approvedContent: '', lastplaces: 0, audience: '', dueAt: 0, publishedAt: 0, targets: 0, edits: 0 },
    ...{ corrects: 0, reason: '', returned: '', createdAt: now },
  }
}

type StampColumns = Pick<
  BulletinHead,
  'windowFrom' | 'windowTo' | 'dataUntil' | 'scheme' | 'schemeName' | 'version' | 'imports' | 'since'
>

export function stampColumns({ stamp, since }: BulletinFacts): StampColumns {
  const { window, dataUntil, scheme, schemeName, version, imports } = stamp
  return {
    ...{ windowFrom: window.from, windowTo: window.to, dataUntil, scheme, version, imports },
    ...{ schemeName: schemeName.slice(0, 100), since: since ?? 0 },
  }
}

export function correctionColumns(
  old: BulletinHead & { why: string },
  say: Translate,
): Partial<BulletinHead> {
  const { id, title, recipients, issuer, docnumber, lastplaces, audience, why } = old
  return {
    ...{ corrects: id, reason: why.slice(0, 200), recipients, issuer, docnumber, lastplaces, audience },
    title: say('title-correction', { title }).slice(0, 200),
  }
}

/** Numbers of its text that are in no fact. */
export function strangeNumbersOf({ sections, facts }: Bulletin): string[] {
  const drafted = sections.map((one) => one.drafted).join('\n')
  return strangeNumbers(sections.map(({ content }) => content).join('\n'), facts, drafted)
}

/** Somebody as bulletins know people: the same on the page and in a chat, whichever account is used. */
export function bulletinAuthorOf(
  { roster }: Context,
  { account }: Viewer,
  { platform, userId, name = '' }: { platform: string; userId: string; name?: string },
): BulletinAuthor {
  const known = account === undefined ? undefined : roster.member(account)?.name
  return { person: account ?? `${platform}:${userId}`, name: known ?? (name || platform) }
}
