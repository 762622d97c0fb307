import { createHash } from 'node:crypto'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { BULLETIN_MAX_AGE } from '@space-assistant/core/bulletins/age'
import { draftSections } from '@space-assistant/core/bulletins/draft'
import type { BulletinSectionKey } from '@space-assistant/core/bulletins/draft'
import { compareFacts } from '@space-assistant/core/bulletins/facts'
import type { BulletinFacts, FactChange } from '@space-assistant/core/bulletins/facts'
import { stepBulletin } from '@space-assistant/core/bulletins/life'
import type { BulletinAct } from '@space-assistant/core/bulletins/life'
import type { Window } from '@space-assistant/core/calendar/day'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import { BulletinSources, dataKey } from './sources'
import type { Bulletin, BulletinStore } from './store'
import type { BulletinHead } from './table'

/** Who does something: the same person with several chat accounts has one key. */
export interface BulletinAuthor {
  person: string
  name: string
}

export interface BulletinOptions {
  /** Texts of the plugin in the language of what is published. */
  say: Translate
  selfApproveMs: number
}

/** What of a bulletin may be set by itself. */
export type BulletinSettings = Partial<
  Pick<BulletinHead, 'title' | 'docnumber' | 'recipients' | 'issuer' | 'lastplaces' | 'audience'>
>

const SHOWN = 8

/** Bulletins until they are published. Every verb of staff asks whether the viewer may. */
export class Bulletins {
  readonly sources: BulletinSources

  constructor(
    private readonly ctx: Context,
    private readonly store: BulletinStore,
    private readonly options: BulletinOptions,
  ) {
    this.sources = new BulletinSources(ctx)
  }

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
          issuer: say('issuer'),
          ...(corrects && correctionColumns(corrects, say)),
        })
        await this.store.write(head.id, { facts, sections: this.sectionsOf(facts, head) })
        return { head, facts, sections: (await this.store.whole(head)).sections }
      }),
    )
  }

  /** Puts another text in the place of one part. */
  async edit(
    viewer: Viewer,
    id: number,
    { section, text }: { section: BulletinSectionKey; text: string },
  ): Promise<Outcome<Bulletin>> {
    return this.act(viewer, id, 'edit', async ({ facts, sections, head }) => {
      const known = sections.map(({ part, content, drafted }) => ({ key: part, text: content, drafted }))
      const at = known.findIndex(({ key }) => key === section)
      const changed = { key: section, text, drafted: known[at]?.drafted ?? '' }
      const next = at < 0 ? [...known, changed] : known.with(at, changed)
      await this.store.write(head.id, { facts, sections: next.filter((one) => one.text.trim()) })
    })
  }

  async set(viewer: Viewer, id: number, settings: BulletinSettings): Promise<Outcome<Bulletin>> {
    return this.act(viewer, id, 'edit', async (bulletin) => {
      const head = { ...bulletin.head, ...settings }
      await this.store.change(head.id, bulletin.head.state, settings)
      if (settings.lastplaces === undefined) return
      await this.store.write(head.id, {
        facts: bulletin.facts,
        sections: this.redraft(bulletin, bulletin.facts, head),
      })
    })
  }

  /** Takes the data as they are now; parts that somebody has written keep their words. */
  async refresh(viewer: Viewer, id: number): Promise<Outcome<{ bulletin: Bulletin; changes: FactChange[] }>> {
    const found: { changes: FactChange[] } = { changes: [] }
    const outcome = await this.act(viewer, id, 'refresh', async (bulletin) => {
      const { head } = bulletin
      const facts = await this.current(bulletin)
      found.changes = compareFacts(bulletin.facts, facts)
      await this.store.change(head.id, head.state, stampColumns(facts))
      await this.store.write(head.id, { facts, sections: this.redraft(bulletin, facts, head) })
    })
    return outcome.ok ? done({ bulletin: outcome.value, changes: found.changes }) : outcome
  }

  submit(viewer: Viewer, id: number, by: BulletinAuthor): Promise<Outcome<Bulletin>> {
    return this.act(viewer, id, 'submit', undefined, {
      by,
      columns: () => ({ submitter: by.person, submittedAt: Date.now() }),
    })
  }

  sendBack(viewer: Viewer, id: number, by: BulletinAuthor, reason: string): Promise<Outcome<Bulletin>> {
    return this.act(viewer, id, 'return', undefined, {
      by,
      columns: () => ({ reason: reason.slice(0, 200) }),
    })
  }

  approve(viewer: Viewer, id: number, by: BulletinAuthor): Promise<Outcome<Bulletin>> {
    const columns = (bulletin: Bulletin) => {
      return { approver: by.person, approverName: by.name.slice(0, 64), approvedContent: contentOf(bulletin) }
    }
    return this.act(viewer, id, 'approve', undefined, { by, columns })
  }

  schedule(viewer: Viewer, id: number, due: Date): Promise<Outcome<Bulletin>> {
    return this.act(viewer, id, 'schedule', undefined, { columns: () => ({ dueAt: due.getTime() }) })
  }

  drop(viewer: Viewer, id: number): Promise<Outcome<Bulletin>> {
    return this.act(viewer, id, 'drop')
  }

  /** A bulletin as whoever asks may see it: others than staff only what was published. */
  async show(viewer: Viewer, id: number): Promise<Outcome<Bulletin>> {
    const staff = this.ctx.access.check(viewer, { kind: 'bulletins' })
    const may = staff.ok
      ? staff
      : this.ctx.access.check(viewer, { kind: 'school-standing', scope: { kind: 'district' } })
    if (!may.ok) return may
    const bulletin = await this.store.find(id)
    const open = bulletin && ['published', 'corrected'].includes(bulletin.head.state)
    if (!bulletin || !(staff.ok || open)) return refused('no-such', { id })
    return done(bulletin)
  }

  async list(viewer: Viewer): Promise<Outcome<BulletinHead[]>> {
    const staff = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (staff.ok) return done(await this.store.list(SHOWN))
    const may = this.ctx.access.check(viewer, { kind: 'school-standing', scope: { kind: 'district' } })
    return may.ok ? done(await this.store.list(SHOWN, 'published')) : may
  }

  /** What is different from the bulletin that was published before. */
  async compare(viewer: Viewer, id: number): Promise<Outcome<{ changes: FactChange[]; with: BulletinHead }>> {
    const found = await this.show(viewer, id)
    if (!found.ok) return found
    const { head, facts } = found.value
    const last = await this.store.published(head.scheme, head.id)
    if (!last) return refused('nothing-before')
    return done({ changes: compareFacts(last.facts, facts), with: last.head })
  }

  /** What has changed in the data since the bulletin's numbers were taken. */
  async changesSince(bulletin: Bulletin): Promise<FactChange[]> {
    return compareFacts(bulletin.facts, await this.current(bulletin))
  }

  /** The newest that is still being worked on. */
  async open(): Promise<number | undefined> {
    return (await this.store.list(1, 'open'))[0]?.id
  }

  /** Whether a step may be taken now, with the state after it. */
  async step(bulletin: Bulletin, act: BulletinAct, person: string) {
    const { head } = bulletin
    return stepBulletin(
      {
        ...{
          state: head.state,
          author: head.author,
          submitter: head.submitter,
          submittedAt: head.submittedAt,
        },
        ...{ content: contentOf(bulletin), approvedContent: head.approvedContent },
        ...{ data: dataKey(bulletin.facts), newestData: await this.sources.newest() },
        age: this.sources.age(new Date()),
      },
      act,
      {
        actor: { person, now: Date.now() },
        rules: { maxAge: BULLETIN_MAX_AGE, selfApproveMs: this.options.selfApproveMs },
      },
    )
  }

  private async act(
    viewer: Viewer,
    id: number,
    act: BulletinAct,
    write?: (bulletin: Bulletin) => Promise<void>,
    more: { by?: BulletinAuthor; columns?: (bulletin: Bulletin) => Partial<BulletinHead> } = {},
  ): Promise<Outcome<Bulletin>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    return this.store.transact(async () => {
      const bulletin = await this.store.find(id)
      if (!bulletin) return refused('no-such', { id })
      const step = await this.step(bulletin, act, more.by?.person ?? '')
      if (!step.ok)
        return refused(step.code, { id, ...step.params, ...(await this.changeCount(bulletin, step.code)) })
      await write?.(bulletin)
      const columns = { state: step.state, ...more.columns?.(bulletin) }
      if (!(await this.store.change(id, bulletin.head.state, columns)))
        return refused('changed-meanwhile', { id })
      const after = await this.store.find(id)
      return after ? done(after) : refused('no-such', { id })
    })
  }

  private async changeCount(bulletin: Bulletin, code: string): Promise<{ count?: number }> {
    return code === 'data-changed' ? { count: (await this.changesSince(bulletin)).length } : {}
  }

  private async current({ head, facts }: Bulletin): Promise<BulletinFacts> {
    const { from, to } = facts.stamp.window
    const { dataUntil = to } = this.sources
    // A window that went as far as the data did goes on with them.
    const until = to >= facts.stamp.dataUntil ? Math.max(to, dataUntil) : to
    const last = await this.lastOf(this.ctx.schemes.active.id, head.id)
    return this.sources.collect({ from, to: Math.min(until, dataUntil) }, last)
  }

  private async lastOf(scheme: string, except: number): Promise<BulletinFacts | undefined> {
    return (await this.store.published(scheme, except))?.facts
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

/** A hash of everything that is published of a bulletin: any edit gives another. */
export function contentOf({ head, sections, facts }: Bulletin): string {
  const { title, docnumber, recipients, issuer, audience, corrects, reason } = head
  const said = sections.map(({ part, content }) => [part, content])
  const all = [title, docnumber, recipients, issuer, audience, corrects, corrects ? reason : '', said, facts]
  return createHash('sha256').update(JSON.stringify(all)).digest('hex')
}

function emptyHead(
  { person, name }: BulletinAuthor,
  now: number,
): Omit<BulletinHead, 'id' | keyof StampColumns> {
  return {
    ...{ state: 'drafted', title: '', docnumber: '', recipients: '', issuer: '', author: person },
    ...{ authorName: name.slice(0, 64), submitter: '', submittedAt: 0, approver: '', approverName: '' },
    ...{ approvedContent: '', lastplaces: 0, audience: '', dueAt: 0, publishedAt: 0, targets: 0 },
    ...{ corrects: 0, reason: '', createdAt: now },
  }
}

type StampColumns = Pick<
  BulletinHead,
  'windowFrom' | 'windowTo' | 'dataUntil' | 'scheme' | 'schemeName' | 'version' | 'imports' | 'since'
>

function stampColumns({ stamp, since }: BulletinFacts): StampColumns {
  const { window, dataUntil, scheme, schemeName, version, imports } = stamp
  return {
    ...{ windowFrom: window.from, windowTo: window.to, dataUntil, scheme, version, imports },
    ...{ schemeName: schemeName.slice(0, 100), since: since ?? 0 },
  }
}

function correctionColumns(old: BulletinHead & { why: string }, say: Translate): Partial<BulletinHead> {
  const { id, title, recipients, issuer, docnumber, lastplaces, audience, why } = old
  return {
    ...{ corrects: id, reason: why.slice(0, 200), recipients, issuer, docnumber, lastplaces, audience },
    title: say('title-correction', { title }).slice(0, 200),
  }
}
