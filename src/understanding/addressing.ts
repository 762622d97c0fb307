/** How a message reached the assistant, as far as it shows for whom it is. */
export interface HeardMessage {
  /** The platform's own kind of message decides: one from a group member's temporary chat is private too. */
  isPrivate: boolean
  /** The assistant is mentioned, wherever in the message. */
  mentionsAssistant: boolean
  /** Somebody else is mentioned, or everybody; `first`: before anything was said. */
  mentionsOthers: 'first' | 'later' | 'no'
  /** Whose message is quoted; `somebody` where the platform does not say. */
  quotes: 'assistant' | 'other' | 'somebody' | 'nothing'
  /** Begins with the assistant's name. */
  named: boolean
  /** Begins with a slash and a command that there is, or nearly is. */
  command: boolean
  /** Begins by calling somebody else by name and title. */
  callsSomebody: boolean
}

/**
 * For whom a message is: `private` and `addressed` ones are for the assistant, `others` for somebody else whatever is
 * pending, `overheard` ones for nobody in particular, so that only an unmistakable question may be answered.
 */
export type Addressing = 'private' | 'addressed' | 'overheard' | 'others'

/** Decides for whom a message is. A mention of the assistant outweighs everything else that a group message holds. */
export function decideAddressing(heard: HeardMessage): Addressing {
  if (heard.isPrivate) return 'private'
  if (heard.mentionsAssistant) return 'addressed'
  if (heard.mentionsOthers === 'first') return 'others'
  if (heard.quotes === 'assistant' || heard.named || heard.command) return 'addressed'
  if (heard.mentionsOthers === 'later' || heard.quotes === 'other' || heard.callsSomebody) return 'others'
  return 'overheard'
}
