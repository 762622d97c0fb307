import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { h } from 'koishi'
import type { Command, Context, Fragment, Session } from 'koishi'
import { cutCommandLine } from './argv'
import { strippedOf } from './bare'

const open = ['authority:0', 'authority:1']

type Send = (session: Session, reply: Fragment) => Promise<boolean>

/**
 * Switches off what the framework does with people's text beyond cutting it into words, and lets `send` send the answers
 * of commands: the framework does it without saying by which messages. `send` answers false for what it does not care for.
 */
export function hardenCommands(ctx: Context, send: Send): void {
  const treat = (command: Command) => {
    const { config } = command
    const execute = command.execute.bind(command)
    command.execute = async (argv, fallback) => {
      const reply = await execute(argv, fallback)
      const sent = argv.session && h.normalize(reply).length && (await send(argv.session, reply))
      return sent ? '' : reply
    }
    // The text of a quoted message is no argument.
    config.captureQuote = false
    // A word behind a hyphen is text like any other, not an option that takes the next word with it.
    config.strictOptions = true
    if (config.handleError !== false) {
      config.handleError = (_, { session }) => session?.text('space-conversation.failed') ?? ''
    }
  }
  ctx.$commander._commandList.forEach(treat)
  ctx.on('command-added', treat)
  ctx.before('parse', (content, session) => {
    const { prefix, appel } = strippedOf(session)
    if (!unwrap(session).isDirect && typeof prefix !== 'string' && !appel) return undefined as never
    return cutCommandLine(content)
  })
  ctx.before(
    'command/execute',
    (argv) => {
      const { command, session } = argv
      if (!command) return
      // The framework logs the source of a command that throws: names and codes do not belong there.
      argv.source = command.name
      // Its own check of rights lets everybody pass who has no row.
      if (
        unwrap(session)?.user ||
        command.config.permissions?.every((permission) => open.includes(permission))
      )
        return
      return session?.text('space-conversation.no-authority') ?? ''
    },
    true,
  )
}
