import { dayOf } from '@space-assistant/core/calendar/day'
import { isStaff } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'
import { defineConversationTables } from './table'

/** How long what was not understood is kept, and how many different texts of one day. */
const keptDays = 30
const mostADay = 500
const shown = 20

/** Keeps what was not understood, masked and counted, and shows it to staff. */
export class NotUnderstood {
  private database: Context['database'] | undefined
  private writing: Promise<void> = Promise.resolve()
  private today = 0
  private newToday = 0

  constructor(private readonly ctx: Context) {
    ctx.inject(['database'], (inner) => {
      defineConversationTables(inner)
      this.database = inner.database
      inner.on('dispose', () => (this.database = undefined))
    })
  }

  /** Counts one message; the text is masked already. */
  note(text: string, nearest: string): void {
    this.writing = this.writing
      .then(() => this.count(text, nearest.slice(0, 60)))
      .catch((error: unknown) => {
        const what = error instanceof Error ? error.name : 'error'
        this.ctx.logger('space-conversation').warn('what was not understood could not be counted: %s', what)
      })
  }

  /** Everything that is being written is written. */
  async settled(): Promise<void> {
    await this.writing
  }

  /** The texts of the last 30 days by how often they were said; only for staff, in private or in their group. */
  async answer(viewer: Viewer, say: Translate): Promise<string> {
    if (!isStaff(viewer)) return say('missed.staff-only')
    const { place } = viewer
    if (place.kind === 'group' && place.purpose !== 'staff') return say('missed.elsewhere')
    await this.writing
    const rows = await this.read()
    if (!rows.length) return say('missed.none', { days: keptDays })
    const lines = rows
      .slice(0, shown)
      .map(({ text, times, nearest }) =>
        say(nearest ? 'missed.line-near' : 'missed.line', { text, times, nearest }),
      )
    const times = rows.reduce((sum, row) => sum + row.times, 0)
    const head = say('missed.head', { days: keptDays, texts: rows.length, times })
    return [head, ...lines, say('missed.foot')].join('\n')
  }

  private async read(): Promise<{ text: string; times: number; nearest: string }[]> {
    const rows = (await this.database?.get('space_not_understood', { day: { $gt: firstKept() } })) ?? []
    const texts = new Map<string, { text: string; times: number; nearest: string }>()
    for (const { text, times, nearest } of rows.sort((a, b) => a.day - b.day)) {
      const known = texts.get(text)
      texts.set(text, { text, times: times + (known?.times ?? 0), nearest })
    }
    return [...texts.values()].sort((a, b) => b.times - a.times)
  }

  private async count(text: string, nearest: string): Promise<void> {
    const { database } = this
    if (!database || !text) return
    const day = dayOf(new Date())
    if (day !== this.today) await this.beginDay(day)
    const [known] = await database.get('space_not_understood', { day, text })
    if (!known && ++this.newToday > mostADay) return
    await database.upsert('space_not_understood', [{ day, text, times: (known?.times ?? 0) + 1, nearest }])
  }

  /** What is older than it may be goes. */
  private async beginDay(day: number): Promise<void> {
    await this.database?.remove('space_not_understood', { day: { $lte: firstKept() } })
    const rows = (await this.database?.get('space_not_understood', { day })) ?? []
    this.today = day
    this.newToday = rows.length
  }
}

const firstKept = () => dayOf(new Date()) - keptDays
