import { known as isKnown } from '@space-assistant/core/access/visibility'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type {
  HearingPlace,
  Understanding,
  UnderstandingContext,
} from '@space-assistant/core/understanding/context'
import type { Intent, IntentKind } from '@space-assistant/core/understanding/intent'
import { withoutFaces } from '@space-assistant/core/delivery/faces'
import { h } from 'koishi'
import type { Fragment, Session } from 'koishi'
import { describeIntent } from './describe'
import type { IntentDescriber } from './describe'
import type { IntentMemory } from './memory'
import type { QuestionRequest } from './pending'
import type { ConversationRegistry } from './registry'
import type { Understander } from './understander'

function isAboutOwn(intent: Intent): boolean {
  const about = 'where' in intent ? intent.where : 'whom' in intent ? intent.whom : undefined
  return about === 'own-school' || about === 'own-town'
}

const choiceMs = 10 * 60_000

/** As long as people's names are: whoever typed one learns why it is not answered, whether it exists or not. */
export interface DispatchTools {
  registry: ConversationRegistry
  memory: IntentMemory
  understander: Understander
  viewerOf: (session: Session) => Promise<Viewer>
  ask: (session: Session, request: QuestionRequest) => number
  describer: Omit<IntentDescriber, 'say'>
}

/** Answers what is understood in a message. */
export class IntentDispatcher {
  constructor(private readonly tools: DispatchTools) {}

  async read(session: Session, text: string, place: HearingPlace): Promise<Understanding | undefined> {
    const { understander, memory, viewerOf } = this.tools
    const viewer = await viewerOf(session)
    const said = withoutFaces(text)
    const understanding = understander.read(said, { viewer, place, previous: memory.previous(session) })
    // Who is not known has no own school, and nobody asked the assistant to say so.
    const { school, town } = understander.actorOf(viewer)
    const isUnasked = place === 'overheard' && school === undefined && town === undefined
    return isUnasked && understanding?.intents.some(isAboutOwn) ? undefined : understanding
  }

  /** Undefined when nothing was understood, or nobody answers such a question. */
  async answer(session: Session, { intents, names }: Understanding): Promise<Fragment | undefined> {
    const known = intents.filter(({ intent }) => this.tools.registry.knows(intent))
    if (!known.length) return undefined
    const parts: h[] = []
    for (const { said, read } of names)
      parts.push(h.text(`${this.say(session, 'read-as', { said, read })}\n`))
    let answered = 0
    for (const intent of known) {
      const reply = await this.tools.registry.answer(session, intent)
      if (reply === undefined) continue
      if (answered++) parts.push(h.text('\n\n'))
      parts.push(...h.normalize(reply))
    }
    if (!answered) return undefined
    this.tools.memory.note(session, known)
    return parts
  }

  /** Says honestly what was not understood, and offers what may have been meant; its number is an answer. */
  unclear(session: Session, intent: Intent & { intent: 'unclear' }): string {
    const { candidates = [], why, said = '' } = intent
    const describer = { ...this.tools.describer, say: this.sayer(session) }
    const shown = candidates.filter(({ intent }) => this.tools.registry.knows(intent))
    const letters = Array.from(said)
    const head = this.say(session, `unclear.${why}`, { said: letters.slice(0, 20).join('') })
    if (!shown.length) return why === 'unexplained' ? this.say(session, 'unexplained-alone', { said }) : head
    this.tools.ask(session, {
      about: 'choice',
      form: 'choice',
      label: this.say(session, 'unclear.question'),
      choices: shown.length,
      ms: choiceMs,
      answer: async (next, answer) => {
        const chosen = answer.kind === 'chosen' ? shown[answer.choice - 1] : undefined
        if (!chosen) return h.text(this.say(next, 'unclear.given-up'))
        return this.answer(next, { intents: [chosen], names: [] })
      },
    })
    const lines = shown.map((each, index) => `${index + 1}. ${describeIntent(each, describer)}`)
    return [head, ...lines, this.say(session, session.isDirect ? 'unclear.foot' : 'unclear.foot-group')].join(
      '\n',
    )
  }

  /** Answers a typed command as the question that its line is, if that is sure and of one kind. */
  async command(
    session: Session,
    { line, kind }: { line: string; kind: IntentKind },
  ): Promise<{ reply: Fragment; understanding: Understanding } | undefined> {
    const understanding = await this.read(session, `/${line}`, session.isDirect ? 'private' : 'group')
    if (!understanding?.intents.every(({ intent }) => intent === kind)) return undefined
    const reply = await this.answer(session, understanding)
    return reply === undefined ? undefined : { reply, understanding }
  }

  /** A few words for what an intent asks. */
  describe(session: Session, intent: Intent): string {
    return describeIntent(intent, { ...this.tools.describer, say: this.sayer(session) })
  }

  /** What is nearest to a text that was not understood, if anything is near. */
  nearest(text: string): Intent[] {
    return this.tools.understander.nearest(text)
  }

  /** A text as it may be kept. */
  mask(text: string): string | undefined {
    return this.tools.understander.mask(text)
  }

  /** Whether somebody is known: by the roster, or by a grant. */
  async isBound(session: Session): Promise<boolean> {
    return isKnown(await this.tools.viewerOf(session))
  }

  /** What the speaker's words are read against here: with everybody's name, and with those that the speaker may know. */
  async contextsOf(
    session: Session,
  ): Promise<{ whole: UnderstandingContext; permitted: UnderstandingContext } | undefined> {
    const { understander, memory, viewerOf } = this.tools
    const viewer = await viewerOf(session)
    const place = session.isDirect ? 'private' : 'group'
    const heard = { viewer, place, previous: memory.previous(session) } as const
    const [whole, permitted] = [understander.wholeContextOf(heard), understander.contextOf(heard)]
    return whole && permitted && { whole, permitted }
  }

  private say(session: Session, key: string, params: object = {}): string {
    return this.sayer(session)(key, params)
  }

  private sayer(session: Session) {
    return (key: string, params: object = {}) => h.unescape(session.text(`space-conversation.${key}`, params))
  }
}
