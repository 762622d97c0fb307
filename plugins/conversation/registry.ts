import type { Intent, IntentKind, IntentOf } from '@space-assistant/core/understanding/intent'
import type { Fragment, Session } from 'koishi'

/** Who is shown a command in the help: a role, everybody who takes part, or everybody. */
export const helpAudiences = [
  'all',
  'participant',
  'administrator',
  'teacher',
  'town',
  'staff',
  'support',
  'judge',
] as const
export type HelpAudience = (typeof helpAudiences)[number]

/** A command in the help. Its texts are `help.NAME.line` and `help.NAME.more` of the plugin that registers it. */
export interface CommandHelp {
  command: string
  /** Of `helpAudiences`. */
  for: readonly string[]
  /** Where it stands among the others; small numbers first. */
  order: number
}

/** Answers an intent; undefined leaves it to what comes after. */
export type IntentExecutor<Kind extends IntentKind> = (
  session: Session,
  intent: IntentOf<Kind>,
) => Promise<Fragment | undefined>

/** What a plugin brings to the conversation. */
export interface ConversationPart {
  /** First part of its locale keys, `space-ranking`. */
  texts: string
  help?: readonly CommandHelp[]
  intents?: { readonly [Kind in IntentKind]?: IntentExecutor<Kind> }
}

/** What every plugin brings, so that a new command stands in its own folder alone. */
export class ConversationRegistry {
  private readonly parts = new Set<ConversationPart>()

  add(part: ConversationPart): () => void {
    this.parts.add(part)
    return () => void this.parts.delete(part)
  }

  /** Commands with the locale keys of their texts, in the order of the help. */
  help(): (CommandHelp & { key: string })[] {
    return [...this.parts]
      .flatMap(({ texts, help = [] }) =>
        help.map((entry) => ({ ...entry, key: `${texts}.help.${entry.command}` })),
      )
      .sort((a, b) => a.order - b.order)
  }

  knows(kind: IntentKind): boolean {
    return [...this.parts].some(({ intents }) => intents?.[kind])
  }

  /** The first answer to an intent. */
  async answer(session: Session, intent: Intent): Promise<Fragment | undefined> {
    for (const { intents } of this.parts) {
      const reply = await executorOf(intents, intent)?.(session, intent)
      if (reply !== undefined) return reply
    }
    return undefined
  }
}

/** The compiler cannot know that an executor found by an intent's kind takes just that intent. */
function executorOf(intents: ConversationPart['intents'], { intent }: Intent) {
  return intents?.[intent] as
    ((session: Session, intent: Intent) => Promise<Fragment | undefined>) | undefined
}
