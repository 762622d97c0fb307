import { h } from 'koishi'
import type { AnnouncementDraft } from './drafts'
import { platformText, timeText } from './receipt'
import type { Translate } from '@space-assistant/core/text/translate'

const NAMED = 6

/** An announcement as groups read it: marked as one, with who issues it; as markup. */
export function letterhead(say: Translate, content: string): string {
  return `${h.escape(say('letterhead'))}\n${content}\n${h.escape(say('issuer'))}`
}

/** A draft as staff see it before they say yes, as markup: the announcement itself with its pictures, and to whom; `number` confirms it. */
export function draftText(
  say: Translate,
  { row, targets, waiting, gone, unconfigured, due }: AnnouncementDraft,
  number: number,
): string {
  // Two platforms may have one name for people.
  const platforms = new Map<string, number>()
  for (const { ref } of targets) {
    const platform = platformText(say, ref.platform)
    platforms.set(platform, (platforms.get(platform) ?? 0) + 1)
  }
  const kinds = [...platforms].map(([platform, count]) => say('preview.platform', { platform, count }))
  const names = targets.slice(0, NAMED).map(({ label }) => label)
  const lines = [
    say('preview.to', { count: targets.length, kinds: kinds.join(say('and')) }),
    say(targets.length > NAMED ? 'preview.groups-more' : 'preview.groups', {
      groups: names.join(say('and')),
    }),
    waiting ? say('preview.waiting', { count: waiting }) : '',
    row.content.startsWith('<at type="all"') ? say('preview.everybody') : '',
    gone ? say('preview.gone', { count: gone }) : '',
    unconfigured.length
      ? say('preview.unconfigured', {
          count: unconfigured.length,
          groups: unconfigured.slice(0, NAMED).join(say('and')),
        })
      : '',
    /https?:\/\/|\w\.(com|cn|net|org)\b/i.test(row.content.replace(/<[^>]*>/g, ''))
      ? say('preview.address')
      : '',
    say(due ? 'preview.later' : 'preview.at-once', { time: due ? timeText(due) : '' }),
    say('preview.how-to', { number }),
  ]
  const head = say('preview.head', { id: row.id })
  return `${h.escape(head)}\n${letterhead(say, row.content)}\n${h.escape([say('preview.line'), ...lines].filter(Boolean).join('\n'))}`
}
