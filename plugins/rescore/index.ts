import { nameFor } from '@space-assistant/core/identity/visibility'
import type { Viewer } from '@space-assistant/core/identity/viewer'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { RescoreDifference } from '@space-assistant/core/scoring/board'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-gateway'
import type {} from 'koishi-plugin-space-identity'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import words from './words.json'

export const name = 'space-rescore'
export const inject = ['schemes', 'roster', 'scoreboard', 'identity', 'gateway']

type Say = (key: string, params?: Record<string, string | number>) => string

const LISTED = 6

/** Rules that staff have changed in config/: who gains and loses by them is shown before they are in force. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const desk = new Desk(ctx)
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(async ({ session }, text = '') => h.text(await desk.answer(session!, text.trim())))
}

class Desk {
  /** The scheme that was shown last: what is adopted is what somebody has looked at. */
  private shown = ''

  constructor(private readonly ctx: Context) {}

  async answer(session: Session, text: string): Promise<string> {
    const { identity } = this.ctx
    const say: Say = (key, params = {}) => h.unescape(session.text(`space-rescore.${key}`, params))
    const viewer = await identity.viewer(session)
    const may = identity.check(viewer, { kind: 'rescore' })
    if (!may.ok) return h.unescape(session.text(`space-identity.refusal.${may.code}`, may.params))
    const read = this.read()
    if (typeof read === 'string') return say('wrong', { problems: read })
    return words.adopt.includes(text)
      ? this.adopt(read, { say, viewer })
      : this.preview(read, { say, viewer })
  }

  /** The scheme in force as the files say it now, or their mistakes. */
  private read(): Scheme | string {
    const { schemes } = this.ctx
    try {
      const { active } = schemes
      return schemes.read().schemes.find(({ id }) => id === active.id) ?? active
    } catch (error) {
      return (error as Error).message
    }
  }

  private adopt(scheme: Scheme, { say, viewer }: { say: Say; viewer: Viewer }): string {
    if (this.shown !== JSON.stringify(scheme)) {
      return say('look-first', { preview: this.preview(scheme, { say, viewer }) })
    }
    const { members } = this.ctx.scoreboard.rescorePreview(scheme)
    this.ctx.schemes.reload()
    return say('adopted', { members: accounts(members) })
  }

  private preview(scheme: Scheme, { say, viewer }: { say: Say; viewer: Viewer }): string {
    const { schemes, scoreboard } = this.ctx
    this.shown = JSON.stringify(scheme)
    if (this.shown === JSON.stringify(schemes.active)) return say('unchanged', { name: scheme.name })
    const { members, schools } = scoreboard.rescorePreview(scheme)
    if (!members.length && !schools.length) return say('same', { name: schemes.active.name })
    const lines = [
      say('title', { name: scheme.name, members: accounts(members), schools: schools.length }),
      ...largest(schools).map((one) => this.schoolLine(one, say)),
      ...largest(members).map((one) => this.memberLine(one, viewer, say)),
    ]
    if (members.length > LISTED || schools.length > LISTED) lines.push(say('more'))
    return [...lines, say('adopt')].join('\n')
  }

  private schoolLine({ code, before, after }: RescoreDifference['schools'][number], say: Say): string {
    const name = this.ctx.roster.school(code)?.name ?? code
    const shown = (score: number | null) => (score === null ? say('none') : figure(score))
    return say('school', { name, before: shown(before), after: shown(after) })
  }

  private memberLine(one: RescoreDifference['members'][number], viewer: Viewer, say: Say): string {
    const member = this.ctx.roster.member(one.account)
    const town = member && this.ctx.roster.school(member.school)?.town
    const name = member && nameFor(viewer, { ...member, ...(town !== undefined && { town }) })
    const [before, after] = [figure(one.before), figure(one.after)]
    return say('member', { name: name ?? one.account, role: words.roles[one.role], before, after })
  }
}

const accounts = (members: RescoreDifference['members']) =>
  new Set(members.map(({ account }) => account)).size

const figure = (score: number) => String(Math.round(score * 100) / 100)

function largest<T extends { before: number | null; after: number | null }>(list: readonly T[]): T[] {
  const size = ({ before, after }: T) => Math.abs((after ?? 0) - (before ?? 0))
  return [...list].sort((a, b) => size(b) - size(a)).slice(0, LISTED)
}
