import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { BULLETIN_MAX_AGE } from '@space-assistant/core/bulletins/age'
import { bulletinSections, draftSections } from '@space-assistant/core/bulletins/draft'
import type { BulletinSection, BulletinSectionKey } from '@space-assistant/core/bulletins/draft'
import { compareFacts } from '@space-assistant/core/bulletins/facts'
import type { BulletinFacts, FactChange } from '@space-assistant/core/bulletins/facts'
import type { BulletinAct } from '@space-assistant/core/bulletins/life'
import type { Window } from '@space-assistant/core/calendar/day'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Translate } from '@space-assistant/core/text/translate'
import type {} from 'koishi-plugin-space-access'
import { contentOf, correctionColumns, emptyHead, stampColumns } from './heads'
import type { BulletinAuthor } from './heads'
import { BulletinReader } from './looking'
import type { Bulletin, BulletinStore } from './store'
import type { BulletinHead } from './table'

/** What of a bulletin may be set by itself. */
export type BulletinSettings = Partial<
  Pick<BulletinHead, 'title' | 'docnumber' | 'recipients' | 'issuer' | 'lastplaces' | 'audience'>
>

/** How many changes a bulletin had when somebody looked at it; without it nobody asks. */
export interface SeenBulletin {
  edits?: number | undefined
}

interface BulletinPlan {
  columns?: Partial<BulletinHead>
  write?: Parameters<BulletinStore['write']>[1]
}

interface BulletinAction extends SeenBulletin {
  act: BulletinAct
  by?: BulletinAuthor
  plan?: (bulletin: Bulletin) => BulletinPlan | Promise<BulletinPlan>
}

/** Bulletins until they are published. Every verb of staff asks whether the viewer may. */
export class Bulletins extends BulletinReader {
  /** A new bulletin of a window, from the data as they are now. */
  async draft(
    viewer: Viewer,
    author: BulletinAuthor,
    { window, corrects }: { window: Window; corrects?: BulletinHead & { why: string } },
  ): Promise<Outcome<Bulletin>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    const { dataUntil } = this.sources
    const now = new Date()
    if (dataUntil === undefined) return refused('no-data')
    if (window.from > dataUntil) return refused('window-ahead', { until: formatDay(dataUntil) })
    const age = this.sources.age(now)
    const until = formatDay(dataUntil)
    if (age > BULLETIN_MAX_AGE) return refused('data-too-old', { age, most: BULLETIN_MAX_AGE, until })
    const last = await this.lastOf(this.ctx.schemes.active.id, corrects?.id ?? 0)
    const shown = { from: window.from, to: Math.min(window.to, dataUntil) }
    const facts = await this.sources.collect(shown, last)
    const { say } = this.options
    return done(
      await this.store.transact(async () => {
        const head = await this.store.create({
          ...emptyHead(author, now.getTime()),
          ...stampColumns(facts),
          title: say('title', { scheme: facts.stamp.schemeName, until: formatDay(shown.to) }).slice(0, 200),
          recipients: say('recipients'),
          issuer: (this.ctx.schemes.active.issuer ?? say('issuer')).slice(0, 100),
          ...(corrects && correctionColumns(corrects, say)),
        })
        await this.store.write(head.id, { facts, sections: this.sectionsOf(facts, head) })
        return { head, facts, sections: (await this.store.whole(head)).sections }
      }),
    )
  }

  /** A new bulletin in place of one that was published with a mistake, of the same window and from the data now. */
  async correct(
    viewer: Viewer,
    author: BulletinAuthor,
    { id, why }: { id: number; why: string },
  ): Promise<Outcome<Bulletin>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    if (!why.trim()) return refused('why', { id })
    const bulletin = await this.store.find(id)
    if (!bulletin) return refused('no-such', { id })
    if (bulletin.head.state !== 'published') return refused('not-published', { id })
    const { window, dataUntil } = bulletin.facts.stamp
    const to = window.to >= dataUntil ? this.ctx.schemes.active.period.to : window.to
    const corrects = { ...bulletin.head, why: why.trim() }
    return this.draft(viewer, author, { window: { from: window.from, to }, corrects })
  }

  /** Puts another text in the place of one part; an empty one leaves it out. */
  async edit(
    viewer: Viewer,
    id: number,
    { section, text, edits }: { section: BulletinSectionKey; text: string } & SeenBulletin,
  ): Promise<Outcome<Bulletin>> {
    const plan = ({ facts, sections }: Bulletin): BulletinPlan => {
      const known = sections.map(({ part, content, drafted }) => ({ key: part, text: content, drafted }))
      const at = known.findIndex(({ key }) => key === section)
      const changed = { key: section, text, drafted: known[at]?.drafted ?? '' }
      const next = at < 0 ? [...known, changed] : known.with(at, changed)
      return { write: { facts, sections: inOrder(next.filter((one) => one.text.trim())) } }
    }
    return this.act(viewer, id, { act: 'edit', edits, plan })
  }

  async set(
    viewer: Viewer,
    id: number,
    { edits, ...settings }: BulletinSettings & SeenBulletin,
  ): Promise<Outcome<Bulletin>> {
    const plan = (bulletin: Bulletin): BulletinPlan => {
      if (settings.lastplaces === undefined) return { columns: settings }
      const { facts, head } = bulletin
      const sections = this.redraft(bulletin, facts, { ...head, ...settings })
      return { columns: settings, write: { facts, sections } }
    }
    return this.act(viewer, id, { act: 'edit', edits, plan })
  }

  /** Takes the data as they are now; parts that somebody has written keep their words. */
  async refresh(
    viewer: Viewer,
    id: number,
    { edits }: SeenBulletin = {},
  ): Promise<Outcome<{ bulletin: Bulletin; changes: FactChange[] }>> {
    const found: { changes: FactChange[] } = { changes: [] }
    const plan = async (bulletin: Bulletin): Promise<BulletinPlan> => {
      const facts = await this.current(bulletin)
      found.changes = compareFacts(bulletin.facts, facts)
      const sections = this.redraft(bulletin, facts, bulletin.head)
      return { columns: stampColumns(facts), write: { facts, sections } }
    }
    const outcome = await this.act(viewer, id, { act: 'refresh', edits, plan })
    return outcome.ok ? done({ bulletin: outcome.value, changes: found.changes }) : outcome
  }

  submit(viewer: Viewer, id: number, by: BulletinAuthor & SeenBulletin): Promise<Outcome<Bulletin>> {
    const columns = { submitter: by.person, submittedAt: Date.now() }
    return this.act(viewer, id, { act: 'submit', by, edits: by.edits, plan: () => ({ columns }) })
  }

  sendBack(
    viewer: Viewer,
    id: number,
    { reason, ...by }: BulletinAuthor & { reason: string },
  ): Promise<Outcome<Bulletin>> {
    const columns = { returned: reason.slice(0, 200) }
    return this.act(viewer, id, { act: 'return', by, plan: () => ({ columns }) })
  }

  /** Approves what whoever approves has seen: another edit in between is another bulletin. */
  approve(viewer: Viewer, id: number, by: BulletinAuthor & SeenBulletin): Promise<Outcome<Bulletin>> {
    const plan = (bulletin: Bulletin): BulletinPlan => ({
      columns: {
        ...{ approver: by.person, approverName: by.name.slice(0, 64) },
        approvedContent: contentOf(bulletin),
      },
    })
    return this.act(viewer, id, { act: 'approve', by, edits: by.edits, plan })
  }

  schedule(viewer: Viewer, id: number, due: Date): Promise<Outcome<Bulletin>> {
    const columns = { dueAt: due.getTime() }
    if (due <= new Date()) return Promise.resolve(refused('past', { time: formatMoment(due) }))
    return this.act(viewer, id, { act: 'schedule', plan: () => ({ columns }) })
  }

  drop(viewer: Viewer, id: number): Promise<Outcome<Bulletin>> {
    return this.act(viewer, id, { act: 'drop' })
  }

  private async act(
    viewer: Viewer,
    id: number,
    { act, by, edits, plan }: BulletinAction,
  ): Promise<Outcome<Bulletin>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    return this.store.transact(async () => {
      const bulletin = await this.store.find(id)
      if (!bulletin) return refused('no-such', { id })
      const step = await this.step(bulletin, act, by?.person ?? '')
      if (!step.ok)
        return refused(step.code, { id, ...step.params, ...(await this.changeCount(bulletin, step.code)) })
      const { head } = bulletin
      if (edits !== undefined && edits !== head.edits) return refused('changed-meanwhile', { id })
      const { columns = {}, write } = (await plan?.(bulletin)) ?? {}
      const changed = { ...columns, state: step.state, edits: head.edits + 1 }
      // Of two who change the same at once one is told so, before anything of it is written.
      if (!(await this.store.change(head, changed))) return refused('changed-meanwhile', { id })
      if (write) await this.store.write(id, write)
      const after = await this.store.find(id)
      return after ? done(after) : refused('no-such', { id })
    })
  }

  private async changeCount(bulletin: Bulletin, code: string): Promise<{ count?: number }> {
    return code === 'data-changed' ? { count: (await this.changesSince(bulletin)).length } : {}
  }

  private sectionsOf(facts: BulletinFacts, { lastplaces }: Pick<BulletinHead, 'lastplaces'>) {
    const say: Translate = (key, params) => this.options.say(`draft.${key}`, params)
    const drafted = draftSections(facts, { say, last: Boolean(lastplaces) })
    return drafted.map((section) => ({ ...section, drafted: section.text }))
  }

  /** New words for the parts that nobody has changed. */
  private redraft({ sections }: Bulletin, facts: BulletinFacts, head: BulletinHead) {
    const edited = new Map(
      sections.flatMap((one) => (one.content === one.drafted ? [] : [[one.part, one.content]])),
    )
    const fresh = this.sectionsOf(facts, head).map((one) => ({
      ...one,
      text: edited.get(one.key) ?? one.text,
    }))
    const kept = new Set(fresh.map(({ key }) => key))
    const lost = sections.filter(({ part }) => edited.has(part) && !kept.has(part))
    return [...fresh, ...lost.map(({ part, content, drafted }) => ({ key: part, text: content, drafted }))]
  }
}

const inOrder = <T extends BulletinSection>(sections: readonly T[]): T[] =>
  sections.toSorted((a, b) => bulletinSections.indexOf(a.key) - bulletinSections.indexOf(b.key))
