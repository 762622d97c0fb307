import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { BULLETIN_MAX_AGE } from '@space-assistant/core/bulletins/age'
import { compareFacts } from '@space-assistant/core/bulletins/facts'
import type { BulletinFacts, FactChange } from '@space-assistant/core/bulletins/facts'
import { bulletinActs, stepBulletin } from '@space-assistant/core/bulletins/life'
import type { BulletinAct } from '@space-assistant/core/bulletins/life'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import { contentOf, strangeNumbersOf } from './heads'
import { BulletinSources, dataKey } from './sources'
import type { Bulletin, BulletinStore } from './store'
import type { BulletinHead } from './table'

export interface BulletinOptions {
  /** Texts of the plugin in the language of what is published. */
  say: Translate
  selfApproveMs: number
}

export interface BulletinLook {
  bulletin: Bulletin
  /** Numbers of the text that are in no fact. */
  strange: string[]
  /** What the data stored now would change. */
  changes: FactChange[]
  /** What this person may do to it now. */
  acts: BulletinAct[]
}

const SHOWN = 8

/** What is read of bulletins, and which step may be taken. */
export class BulletinReader {
  readonly sources: BulletinSources

  constructor(
    protected readonly ctx: Context,
    protected readonly store: BulletinStore,
    protected readonly options: BulletinOptions,
  ) {
    this.sources = new BulletinSources(ctx)
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

  /** A bulletin with what staff look at before they act: numbers in no fact, what newer data change, what may be done. */
  async look(viewer: Viewer, id: number, person: string): Promise<Outcome<BulletinLook>> {
    const may = this.ctx.access.check(viewer, { kind: 'bulletins' })
    if (!may.ok) return may
    const bulletin = await this.store.find(id)
    if (!bulletin) return refused('no-such', { id })
    const open = !['published', 'corrected', 'dropped'].includes(bulletin.head.state)
    const acts: BulletinAct[] = []
    for (const act of bulletinActs) if ((await this.step(bulletin, act, person)).ok) acts.push(act)
    return done({
      ...{ bulletin, strange: strangeNumbersOf(bulletin), acts },
      changes: open ? await this.changesSince(bulletin) : [],
    })
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

  protected async current({ head, facts }: Bulletin): Promise<BulletinFacts> {
    const { from, to } = facts.stamp.window
    const { dataUntil = to } = this.sources
    // A window that went as far as the data did goes on with them.
    const until = to >= facts.stamp.dataUntil ? Math.max(to, dataUntil) : to
    const last = await this.lastOf(this.ctx.schemes.active.id, head.id)
    return this.sources.collect({ from, to: Math.min(until, dataUntil) }, last)
  }

  protected async lastOf(scheme: string, except: number): Promise<BulletinFacts | undefined> {
    return (await this.store.published(scheme, except))?.facts
  }
}
