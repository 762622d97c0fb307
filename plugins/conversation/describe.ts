import type { Intent } from '@space-assistant/core/understanding/intent'
import type { Translate } from '@space-assistant/core/text/translate'

/** What a description of an intent is made with. */
export interface IntentDescriber {
  say: Translate
  schoolName: (code: string) => string
  /** A phrasing of an entry of the how-to. */
  entryTitle: (id: string) => string
}

/** An intent in a few words, for somebody who is to choose between several. */
export function describeIntent(intent: Intent, { say, schoolName, entryTitle }: IntentDescriber): string {
  if (intent.intent === 'how-to') return entryTitle(intent.entry)
  const place = (value: string | undefined) => {
    if (value === undefined) return ''
    const [kind = '', ...rest] = value.split(':')
    const name = rest.join(':')
    if (kind === 'school') return schoolName(name)
    return rest.length ? name : say(`place.${kind}`)
  }
  const parts: string[] = []
  if ('where' in intent) parts.push(place(intent.where))
  if ('whom' in intent) parts.push(place(intent.whom))
  if ('stage' in intent && intent.stage !== undefined) parts.push(intent.stage)
  if ('of' in intent && intent.of !== undefined) parts.push(say(`subject.${intent.of}`))
  if ('indicators' in intent && intent.indicators) parts.push(intent.indicators.slice(0, 2).join(say('or')))
  if ('from' in intent && intent.from !== undefined)
    parts.push(intent.from === intent.to ? intent.from : `${intent.from}–${intent.to ?? ''}`)
  const about = parts.filter(Boolean).join(' ')
  const what = say(`intent.${intent.intent}`)
  return about ? say('intent-about', { about, what }) : what
}
