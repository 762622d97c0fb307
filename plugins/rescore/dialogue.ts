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

const WAIT_MS = 10 * 60_000

interface Asking {
  session: Session
  viewer: Viewer
  say: Translate
  /** How the asker is named in the history when it has no roster account. */
  by: string
}

/** The talk about rules that wait: look, adopt, history. */
export class AdoptionDialogue {
  constructor(private readonly ctx: Context) {}

  async answer(session: Session, text: string): Promise<string> {
    const asking = await this.open(session)
    if (typeof asking === 'string') return asking
    const { say } = asking
    if (words.history.includes(text)) return this.history(asking)
    if (text && !words.adopt.includes(text)) return say('how')
    const pending = this.pending()
    if (typeof pending === 'string') return say('wrong', { problems: pending })
    return text ? this.adopt(pending, asking) : this.preview(pending, asking)
  }

  private async open(session: Session): Promise<Asking | string> {
    const { access } = this.ctx
    const say: Translate = (key, params = {}) => h.unescape(session.text(`space-rescore.${key}`, params))
    const viewer = await access.viewer(session)
    const may = access.check(viewer, { kind: 'rescore' })
    if (!may.ok) return h.unescape(session.text(`space-access.refusal.${may.code}`, may.params))
    return { session, viewer, say, by: await access.nameOf(session) }
  }

  /** What waits, or the mistakes of files without which nothing can be read. */
  private pending(): PendingScheme | string {
    try {
      return this.ctx.schemes.pending()
    } catch (error) {
      return (error as Error).message
    }
  }

  /** Files that change no score are read again at once; rules are adopted after a yes to what was shown. */
  private async adopt(pending: PendingScheme, asking: Asking): Promise<string> {
    if (pending.kind !== 'nothing') return this.preview(pending, asking)
    const { schemes } = this.ctx
    await schemes.reload()
    return asking.say('reread', { name: schemes.active.name })
  }

  private preview(pending: PendingScheme, asking: Asking): string {
    const { viewer, say } = asking
    const { active } = this.ctx.schemes
    if (pending.kind === 'nothing') return say('unchanged', { name: active.name })
    if (pending.kind === 'broken') return say('wrong', { problems: pending.problems.join('\n') })
    const lines = differenceLines(this.ctx, pending.scheme, { viewer, say })
    return [...lines, say('adopt', { number: this.ask(asking, pending.key) })].join('\n')
  }

  /** `key` stands for exactly what was shown: what has changed since is shown again instead. */
  private ask({ session, say }: Asking, key: string): number {
    return this.ctx.conversation.ask(session, {
      about: 'adoption',
      form: 'act',
      label: say('question'),
      ms: WAIT_MS,
      expired: say('question-expired'),
      answer: async (next, answer) => {
        const asking = await this.open(next)
        if (typeof asking === 'string') return h.text(asking)
        return h.text(answer.kind === 'yes' ? await this.confirm(key, asking) : asking.say('not-adopted'))
      },
    })
  }

  private async confirm(key: string, asking: Asking): Promise<string> {
    const { viewer, say, by } = asking
    const { schemes, scoreboard } = this.ctx
    const pending = this.pending()
    if (typeof pending === 'string') return say('wrong', { problems: pending })
    if (pending.kind !== 'changed') return this.preview(pending, asking)
    const { members } = scoreboard.rescorePreview(pending.scheme)
    const adopted = await schemes.adopt(key, viewer, by)
    if (!adopted.ok) return say('overtaken', { preview: this.preview(schemes.pending(), asking) })
    return say('adopted', { number: adopted.value.number, members: new Set(members.map(accountOf)).size })
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
