import { known, participates } from '@space-assistant/core/access/visibility'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type { CommandHelp, ConversationPart } from './registry'
import words from './words.json'

/** What these answers need of the conversation. */
interface HelloConversation {
  help(): (CommandHelp & { key: string })[]
  viewer(session: Session): Promise<Viewer>
  register(part: ConversationPart): () => void
}

/** What an answer about the assistant itself is made with. */
export interface HelloTools {
  conversation: Omit<HelloConversation, 'register'>
  session: Session
  commands: Context['$commander']
}

/** Declares the help, and answers to what is said to the assistant as to a person. */
export function declareHelp(ctx: Context, conversation: HelloConversation): void {
  const tools = (session: Session): HelloTools => ({ conversation, session, commands: ctx.$commander })
  const command = ctx.command(`${words.help} [text:rawtext]`, { captureQuote: false })
  command.action(async ({ session }, text = '') =>
    session ? h.text(await helpAnswer(tools(session), h.unescape(text))) : '',
  )
  // The framework has a command of this name, which lists all commands to everybody.
  ctx.on('ready', () => void ctx.$commander.get('help')?.dispose())
  ctx.on('ready', () => void command.alias('help'))
  conversation.register({
    texts: 'space-conversation',
    help: [],
    intents: {
      greeting: async (session) => h.text(await greet(tools(session), 'hello')),
      'who-are-you': async (session) => h.text(await greet(tools(session), 'who')),
      thanks: (session) => Promise.resolve(h.text(say(session, 'thanks'))),
      help: async (session, { about = '' }) => h.text(await helpAnswer(tools(session), about)),
    },
  })
}

/** A greeting with one line of what this person can ask. */
export async function greet({ conversation, session }: HelloTools, kind: 'hello' | 'who'): Promise<string> {
  const viewer = await conversation.viewer(session)
  return [say(session, `greeting.${kind}`), say(session, `greeting.for.${audienceOf(viewer)}`)].join('')
}

function audienceOf(viewer: Viewer) {
  const { grants, account } = viewer
  const has = (kind: string) => grants.some((grant) => grant.kind === kind)
  if (has('staff')) return 'staff'
  if (has('support')) return 'support'
  if (has('administrator')) return 'administrator'
  if (has('town')) return 'town'
  if (has('judge') && schoolOfViewer(viewer) === undefined) return 'judge'
  return account === undefined ? 'stranger' : 'teacher'
}

/** What somebody can ask here, by what they are; only commands that there are. */
async function helpAnswer({ conversation, session, commands }: HelloTools, text: string): Promise<string> {
  const viewer = await conversation.viewer(session)
  const there = conversation.help().filter(({ command }) => commands.get(command))
  const asked = there.find(({ command }) => text.replace(/^[\s/]+/, '').trim() === command)
  if (asked) return h.unescape(session.text(`${asked.key}.more`))
  const roles = rolesOf(viewer)
  const lines = there
    .filter((entry) => entry.for.some((role) => roles.has(role)))
    .map(({ key }) => h.unescape(session.text(`${key}.line`)))
  return [
    say(session, known(viewer) ? 'help.head' : 'help.head-unbound'),
    ...lines,
    say(session, session.isDirect ? 'help.foot-private' : 'help.foot-group'),
  ].join('\n')
}

function rolesOf(viewer: Viewer): Set<string> {
  const roles = new Set<string>(['all', ...viewer.grants.map((grant) => grant.kind)])
  // Somebody retired is bound without a role and may still ask for the own points.
  if (viewer.account !== undefined) roles.add('teacher')
  if (participates(viewer)) roles.add('participant')
  return roles
}

function say(session: Session, key: string, params: object = {}): string {
  return h.unescape(session.text(`space-conversation.${key}`, params))
}
