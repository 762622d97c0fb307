import { bulletinNumbers } from '@space-assistant/core/bulletins/facts'
import type { FactChange } from '@space-assistant/core/bulletins/facts'
import { formatDay } from '@space-assistant/core/calendar/day'
import { daysOfChoice } from '@space-assistant/core/office/chosen-window'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { figure } from '@space-assistant/core/text/figure'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type { Bulletin, BulletinService } from 'koishi-plugin-space-bulletins'
import type { OfficeService } from '../office'
import type { OfficeAsker, RouteHandlers, RouteOutcome } from '../visit'
import { worded } from '../visit'
import { answered, declined } from './answers'
import { nameOfAsker } from './asker'
import { pageSpan } from './session'

type BulletinRoute =
  | 'bulletins'
  | 'bulletin'
  | 'bulletin-draft'
  | 'bulletin-edit'
  | 'bulletin-set'
  | 'bulletin-step'
  | 'bulletin-audience'
  | 'bulletin-receipts'
  | 'bulletin-correct'
  | 'bulletin-file'

type Shown = OfficeAnswer<'bulletin'>
const textsOf = 'space-bulletins'
const CHANGES = 100

/** Bulletins by the rules of the chat: the same service decides who reads and does what. */
export function bulletinRoutes(ctx: Context, office: OfficeService): RouteHandlers<BulletinRoute> {
  const { bulletins } = ctx
  const told = () => office.events.tell('bulletins')
  return {
    async bulletins(asker) {
      const found = await bulletins.work.list(asker.viewer)
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      const writes = ctx.access.check(asker.viewer, { kind: 'bulletins' }).ok
      return answered({ writes, rows: found.value.map(lineOf) })
    },
    bulletin: (asker, { id }) => shownTo(ctx, asker, id),
    async 'bulletin-draft'(asker, { window }) {
      const { active: scheme } = ctx.schemes
      const days = daysOfChoice(window, { scheme, today: asker.today })
      if (!days) return declined('no-such-window')
      const found = await bulletins.work.draft(asker.viewer, await authorOf(ctx, asker), { window: days })
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      told()
      return answered({ id: found.value.head.id })
    },
    async 'bulletin-edit'(asker, { id, ...change }) {
      const found = await bulletins.work.edit(asker.viewer, id, change)
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      told()
      return answered({ edits: found.value.head.edits })
    },
    async 'bulletin-set'(asker, { id, lastplaces, edits, ...lines }) {
      const found = await bulletins.work.set(asker.viewer, id, {
        ...definedOf(lines),
        edits,
        ...(lastplaces !== undefined && { lastplaces: Number(lastplaces) }),
      })
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      told()
      return answered({ edits: found.value.head.edits })
    },
    async 'bulletin-step'(asker, { id, edits, step }) {
      const found = await stepOf(bulletins, asker, { id, edits, step }, await authorOf(ctx, asker))
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      told()
      return answered({ state: found.value.head.state })
    },
    async 'bulletin-audience'(asker, { id }) {
      const found = await bulletins.publishing.preview(asker.viewer, id)
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      return answered({ groups: found.value.targets.map(({ label }) => label) })
    },
    async 'bulletin-receipts'(asker, { id }) {
      const found = await bulletins.publishing.progress(asker.viewer, id)
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      return answered({ rows: found.value.receipts.map(({ label, state }) => ({ group: label, state })) })
    },
    async 'bulletin-correct'(asker, { id, why }) {
      const found = await bulletins.work.correct(asker.viewer, await authorOf(ctx, asker), { id, why })
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      told()
      return answered({ id: found.value.head.id })
    },
    async 'bulletin-file'(asker, { id, form }) {
      const found = await bulletins.file(asker.viewer, id, form)
      if (!found.ok) return bulletinWorded(ctx, asker, found)
      const { title: name, bytes } = found.value
      const type = /\.(docx|xlsx|png|jpg)$/.exec(name)?.[1] as 'docx' | undefined
      return answered({ name, type: type ?? 'docx', base64: Buffer.from(bytes).toString('base64') })
    },
  }
}

async function authorOf(ctx: Context, asker: OfficeAsker) {
  return ctx.bulletins.author(asker.viewer, { ...asker.who, name: await nameOfAsker(ctx, asker) })
}

/** What is not given stays as it is. */
function definedOf<T extends Record<string, string | undefined>>(given: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string
  }
}

function bulletinWorded<T>(ctx: Context, asker: OfficeAsker, outcome: RouteOutcome<T>): RouteOutcome<T> {
  const own = worded(ctx, asker, { outcome, from: `${textsOf}.refusal` })
  const isTemplate = !own.ok && (own.code === 'template' || own.code === 'no-template')
  return isTemplate && !own.text ? { ...own, text: ctx.documents.explain(own) } : own
}

function stepOf(
  { work, publishing }: BulletinService,
  { viewer }: OfficeAsker,
  { id, edits, step }: { id: number; edits: number; step: StepInput },
  by: { person: string; name: string },
): Promise<RouteOutcome<Pick<Bulletin, 'head'>>> {
  switch (step.kind) {
    case 'refresh':
      return work
        .refresh(viewer, id, { edits })
        .then((found) => (found.ok ? answered(found.value.bulletin) : found))
    case 'submit':
      return work.submit(viewer, id, { ...by, edits })
    case 'approve':
      return work.approve(viewer, id, { ...by, edits })
    case 'return':
      return work.sendBack(viewer, id, { ...by, reason: step.reason })
    case 'schedule':
      return work.schedule(viewer, id, new Date(step.due))
    case 'publish':
      return publishing
        .publish(viewer, id, { edits })
        .then((found) => (found.ok ? answered(found.value.bulletin) : found))
    case 'drop':
      return work.drop(viewer, id)
  }
}

type StepInput =
  | { kind: 'refresh' | 'submit' | 'approve' | 'publish' | 'drop' }
  | { kind: 'return'; reason: string }
  | { kind: 'schedule'; due: string }

function lineOf(head: Bulletin['head']): OfficeAnswer<'bulletins'>['rows'][number] {
  const { id, title, state, dataUntil, authorName, createdAt, publishedAt } = head
  return {
    ...{ id, title, state, until: formatDay(dataUntil), author: authorName },
    at: new Date(Number(publishedAt || createdAt)).toISOString(),
  }
}

/** What staff work on, or what everybody else reads once it is published. */
async function shownTo(ctx: Context, asker: OfficeAsker, id: number): Promise<RouteOutcome<Shown>> {
  const { bulletins } = ctx
  const { viewer, who } = asker
  const looked = await bulletins.work.look(viewer, id, bulletins.author(viewer, who).person)
  const found = looked.ok ? answered(looked.value.bulletin) : await bulletins.work.show(viewer, id)
  if (!found.ok) return bulletinWorded(ctx, asker, found)
  const { head, sections, facts } = found.value
  const caption = await bulletins.caption(viewer, id)
  const say: Translate = (key, params = {}) =>
    h.unescape(ctx.i18n.text([asker.locale], [`${textsOf}.${key}`], params))
  return answered({
    ...lineOf(head),
    ...{ edits: head.edits, window: pageSpan(facts.stamp.window) },
    ...{ docnumber: head.docnumber, recipients: head.recipients, issuer: head.issuer },
    ...{ audience: looked.ok ? head.audience : '', lastplaces: Boolean(head.lastplaces) },
    returned: looked.ok ? head.returned : '',
    ...(head.state === 'scheduled' && { due: new Date(head.dueAt).toISOString() }),
    sections: sections.map(({ part, content, drafted }) => ({
      ...{ key: part, text: content, edited: content !== drafted },
    })),
    caption: caption.ok ? caption.value : '',
    numbers: bulletinNumbers.flatMap((name) => {
      const value = facts.numbers[name]
      return value === null ? [] : [{ name: say(`field.${name}`), value: figure(value) }]
    }),
    ...(looked.ok
      ? {
          ...{ strange: looked.value.strange, acts: looked.value.acts },
          changes: looked.value.changes.slice(0, CHANGES).map((change) => changeOf(say, change)),
        }
      : { strange: [], acts: [], changes: [] }),
  })
}

function changeOf(say: Translate, { school = '', field, before, after }: FactChange) {
  const shown = (value: number | null) => (value === null ? say('none') : figure(value))
  return {
    what: [school, say(`field.${field}`)].filter(Boolean).join(' '),
    ...{ before: shown(before), after: shown(after) },
  }
}
