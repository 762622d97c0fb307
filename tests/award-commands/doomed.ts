// A process that takes a round forward from wherever it finds it, one act after the other, until it is killed.
import { writeSync } from 'node:fs'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Grant } from '@space-assistant/core/access/viewer'
import type { AwardActor } from '../../plugins/awards/frame'
import type { Awards } from '../../plugins/awards/service'
import { chatBot, openAwards } from './district'

const clock = { offset: Date.parse('2022-05-25T10:00:00+08:00') - Date.now() }
const RealDate = Date
class StoryDate extends RealDate {
  constructor(...given: unknown[]) {
    super(...((given.length ? given : [StoryDate.now()]) as [number]))
  }
  static override now(): number {
    return RealDate.now() + clock.offset
  }
}
globalThis.Date = StoryDate as DateConstructor

const award = '优秀教师空间'
const nominees = ['10002', '20002']
const judges = ['评委1', '评委2', '评委3']
const actor = (name: string, grant: Grant, userId = name): AwardActor => ({
  ...{ name, chat: { ...chatBot, userId } },
  viewer: { grants: [grant], place: { kind: 'private' } },
})
const boss = actor('boss', { kind: 'staff' })
const town = actor('town', { kind: 'town', town: '城关镇' })
const judge = (name: string) => actor(name, { kind: 'judge', account: '' }, `j${name.slice(-1)}`)

type Act = () => Promise<Outcome<unknown>>

/** The next act of a round; undefined when it is over. */
async function nextAct(awards: Awards): Promise<Act | undefined> {
  const { rounds, nominations, panel, judging, objections, frame } = awards
  const { store } = frame
  const { state } = await rounds.state()
  const to =
    (next: Parameters<typeof rounds.step>[1]['to']): Act =>
    () =>
      rounds.step(boss, { to: next })
  switch (state) {
    case 'draft':
      return to('nominating')
    case 'nominating': {
      const rows = await store.rows('space_award_nomination')
      const missing = nominees.find((one) => !rows.some(({ nominee }) => nominee === one))
      if (missing !== undefined) return () => nominations.draft(town, { award, nominee: missing })
      const draft = rows.find((row) => row.state === 'draft')
      return draft ? () => nominations.act(town, { id: draft.id, act: 'submit' }) : to('checking')
    }
    case 'checking': {
      const open = (await store.rows('space_award_nomination')).find((row) => row.state === 'submitted')
      return open ? () => nominations.act(boss, { id: open.id, act: 'accept' }) : to('judging')
    }
    case 'judging': {
      const known = await store.rows('space_award_judge')
      const name = judges.find((one) => !known.some((row) => row.name === one))
      if (name !== undefined) return () => panel.add(boss, { name, unit: '大学' })
      const sheets = await store.rows('space_award_sheet')
      if (!sheets.length) return () => judging.assign(boss, { seed: 1, apply: true })
      const open = sheets.find((row) => row.state === 'assigned')
      const points = [8, 40, 16, 16]
      return open
        ? () => judging.change(judge(open.judge), open, { act: 'submit', seen: open.edit, points })
        : to('tallied')
    }
    case 'tallied':
      return to('publicity')
    case 'publicity': {
      const [objection] = await store.rows('space_award_objection')
      const given = { name: '张三', contact: '13800005678', content: '不实' }
      if (!objection) return () => objections.object(town, given)
      if (objection.state === 'received')
        return () => objections.step(boss, { id: objection.id, to: 'rejected', answer: '已核' })
      clock.offset += 30 * 86_400_000
      return to('decided')
    }
    case 'decided':
      return to('commended')
    case 'commended':
      return to('exhibited')
    case 'exhibited':
      return undefined
  }
}

async function run(): Promise<void> {
  const [path = '', fill = ''] = process.argv.slice(2)
  const { app } = await openAwards({ path, fill: fill === 'fill' })
  writeSync(1, 'ready\n')
  for (let act = await nextAct(app.awards); act; act = await nextAct(app.awards)) {
    const outcome = await act()
    if (!outcome.ok) throw new Error(outcome.code)
    writeSync(1, 'act\n')
  }
  writeSync(1, 'over\n')
  process.exit(0)
}

void run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'error'}\n`)
  process.exit(1)
})
