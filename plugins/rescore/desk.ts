import type { Viewer } from '@space-assistant/core/access/viewer'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-schemes'
import type { PendingScheme } from 'koishi-plugin-space-schemes'
import { differenceLines } from './difference'
import type { Translate } from '@space-assistant/core/text/translate'
import words from './words.json'

interface Asking {
  viewer: Viewer
  say: Translate
  /** How the asker is named in the history when it has no roster account. */
  by: string
}

/** The talk about rules that wait: look, adopt, history. */
export class Desk {
  /** Keys of what was shown: only what somebody has looked at is adopted. */
  private readonly shown = new Set<string>()

  constructor(private readonly ctx: Context) {}

  async answer(session: Session, text: string): Promise<string> {
    const { access } = this.ctx
    const say: Translate = (key, params = {}) => h.unescape(session.text(`space-rescore.${key}`, params))
    const viewer = await access.viewer(session)
    const may = access.check(viewer, { kind: 'rescore' })
    if (!may.ok) return h.unescape(session.text(`space-access.refusal.${may.code}`, may.params))
    const asking = { viewer, say, by: session.username || session.platform }
    if (words.history.includes(text)) return this.history(asking)
    if (text && !words.adopt.includes(text)) return say('how')
    const pending = this.pending()
    if (typeof pending === 'string') return say('wrong', { problems: pending })
    return text ? this.adopt(pending, asking) : this.preview(pending, asking)
  }

  /** What waits, or the mistakes of files without which nothing can be read. */
  private pending(): PendingScheme | string {
    try {
      return this.ctx.schemes.pending()
    } catch (error) {
      return (error as Error).message
    }
  }

  private async adopt(pending: PendingScheme, asking: Asking): Promise<string> {
    const { viewer, say, by } = asking
    const { schemes, scoreboard } = this.ctx
    if (pending.kind === 'nothing') {
      await schemes.reload()
      return say('reread', { name: schemes.active.name })
    }
    if (pending.kind === 'broken' || !this.shown.has(pending.key)) {
      const preview = this.preview(pending, asking)
      return pending.kind === 'broken' ? preview : say('look-first', { preview })
    }
    const { members } = scoreboard.rescorePreview(pending.scheme)
    const adopted = await schemes.adopt(pending.key, viewer, by)
    if (!adopted.ok) return say('overtaken', { preview: this.preview(schemes.pending(), asking) })
    this.shown.clear()
    return say('adopted', { number: adopted.value.number, members: new Set(members.map(accountOf)).size })
  }

  private preview(pending: PendingScheme, { viewer, say }: Asking): string {
    const { active } = this.ctx.schemes
    if (pending.kind === 'nothing') return say('unchanged', { name: active.name })
    if (pending.kind === 'broken') return say('wrong', { problems: pending.problems.join('\n') })
    this.shown.add(pending.key)
    return [...differenceLines(this.ctx, pending.scheme, { viewer, say }), say('adopt')].join('\n')
  }

  private async history({ viewer, say }: Asking): Promise<string> {
    const { schemes } = this.ctx
    const found = await schemes.history(viewer)
    if (!found.ok) return say('how')
    const lines = found.value.map(({ number, at, by }) =>
      say(by ? 'history.adopted' : 'history.found', { number, at: formatDay(dayOf(at)), by }),
    )
    return [say('history.title', { name: schemes.active.name }), ...lines].join('\n')
  }
}

const accountOf = ({ account }: { account: string }) => account
