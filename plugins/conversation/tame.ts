import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { Command, Context } from 'koishi'
import { cut } from './argv'
import { strippedOf } from './bare'

const open = ['authority:0', 'authority:1']

/** Switches off what the framework does with people's text beyond cutting it into words. */
export function tame(ctx: Context): void {
  const treat = ({ config }: Command) => {
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
    return cut(content)
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
