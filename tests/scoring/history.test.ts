import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { RankingScope } from '@space-assistant/core/ranking/standing'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { Board } from '@space-assistant/core/scoring/board'
import { invert, planTallies } from '@space-assistant/core/scoring/change'
import type { MemberChange } from '@space-assistant/core/scoring/change'
import type { Member, School } from '@space-assistant/core/roster/member'
import { encode } from '@space-assistant/core/scoring/tallies'
import { doneIn, members, schemes, schools, towns, windowsOf } from './district'
import type { Done } from './reference'

const roles = ['administrator', 'teacher'] as const
const accounts = Array.from({ length: 10 }, (_, index) => `a${index}`)

/** Records that lie so near each other that caps and runs of one file go on from those of another. */
function crowdedIn({ period, indicators }: Scheme): fc.Arbitrary<Done[]> {
  const one = fc.record({
    account: fc.constantFrom('a0', 'a1', 'a2'),
    indicator: fc.constantFrom(...indicators.map(({ name }) => name)),
    day: fc.integer({ min: period.from - 1, max: period.from + 16 }),
    count: fc.integer({ min: 1, max: 3 }),
  })
  return fc.array(one, { maxLength: 25 })
}

type Step =
  | { kind: 'records'; withIds: boolean; done: Done[] }
  | { kind: 'undo' }
  | { kind: 'roster'; people: Member[]; all: School[] }
  | { kind: 'scheme'; scheme: Scheme }

const history = schemes.chain((scheme) =>
  fc.record({
    scheme: fc.constant(scheme),
    people: members,
    all: schools,
    windows: fc.array(windowsOf(scheme), { minLength: 1, maxLength: 4 }),
    steps: fc.array(
      fc.oneof<fc.Arbitrary<Step>[]>(
        fc.record({
          kind: fc.constant('records' as const),
          withIds: fc.boolean(),
          done: fc.oneof(doneIn(scheme, accounts), crowdedIn(scheme)),
        }),
        fc.constant({ kind: 'undo' }),
        fc.record({ kind: fc.constant('roster' as const), people: members, all: schools }),
        fc.record({ kind: fc.constant('scheme' as const), scheme: schemes }),
      ),
      { minLength: 1, maxLength: 8 },
    ),
  }),
)

/** What is known, as plain lists. */
interface World {
  scheme: Scheme
  people: Member[]
  all: School[]
  done: Done[]
}

const scopes: { scope: RankingScope; stage?: string }[] = [
  { scope: { kind: 'district' } },
  { scope: { kind: 'district' }, stage: '小学' },
  { scope: { kind: 'town', town: towns[0]! } },
  { scope: { kind: 'school', code: 'S1' } },
  { scope: { kind: 'school', code: 'S2' }, stage: '初中' },
]

function everything(board: Board, standings: Standings, windows: readonly Window[]) {
  const indicators = [board.scheme.indicators[0]!.name]
  const { active } = board.people
  return {
    until: board.dataUntil,
    windows: [...windows, board.scheme.period].map((window) => ({
      points: roles.map((role) =>
        accounts.map((account) => [
          board.points(account, { role, window }),
          board.points(account, { role, window, indicators }),
        ]),
      ),
      columns: roles.map((role) =>
        Array.from(active[role], (slot) => [
          board.people.accounts[slot],
          board.column({ role, window }).values[slot],
          board.column({ role, window, indicators }).values[slot],
        ]),
      ),
      schools: [board.schoolScores(window), board.schoolScores(window, indicators)],
      standings: (['schools', 'teachers', 'administrators'] as const).map((of) =>
        scopes.map((scope) => standings.of({ of, window, ...scope }).entries(0, 99)),
      ),
    })),
  }
}

function fromScratch({ scheme, people, all, done }: World, names: readonly string[]): Board {
  const board = new Board(scheme)
  for (const name of names) board.dictionary.add(name)
  board.setRoster(people, all)
  for (const account of accounts) {
    const own = done.filter((each) => each.account === account)
    board.load(
      account,
      encode(own.map((each) => ({ ...each, indicator: board.dictionary.add(each.indicator) }))),
    )
  }
  return board
}

/** The rows as they would be after the file, by the rule in words: additions, or the file's word on its days and schools. */
function afterFile({ done, people }: World, file: { done: Done[]; withIds: boolean }): Done[] {
  if (file.withIds) return [...done, ...file.done]
  const schoolOf = new Map(people.map(({ account, school }) => [account, school]))
  const known = file.done.filter(({ account }) => schoolOf.has(account))
  const days = new Set(known.map(({ day }) => day))
  const covered = new Set(known.map(({ account }) => schoolOf.get(account)))
  const kept = done.filter(({ account, day }) => !(days.has(day) && covered.has(schoolOf.get(account))))
  return [...kept, ...known]
}

function importFile(board: Board, { people }: World, file: { done: Done[]; withIds: boolean }) {
  const stated = new Map(
    accounts.flatMap((account) => {
      const own = file.done.filter((each) => each.account === account)
      const tallies = own.map((each) => ({ ...each, indicator: board.dictionary.add(each.indicator) }))
      return own.length ? [[account, encode(tallies)] as const] : []
    }),
  )
  const school = (account: string) => people.find((each) => each.account === account)?.school
  const known = file.done.filter(({ account }) => school(account) !== undefined)
  const changes = planTallies(
    { withIds: file.withIds, stated, days: new Set(known.map(({ day }) => day)), spared: new Map() },
    {
      pack: (account) => board.pack(account),
      school: (account) => (file.withIds ? 'any' : school(account)),
      members: (code) => people.filter((each) => each.school === code).map(({ account }) => account),
    },
  )
  board.apply(changes)
  return changes
}

describe('a board that lives on', () => {
  it('says after every step what a board made from scratch says', () => {
    fc.assert(
      fc.property(history, ({ scheme, people, all, windows, steps }) => {
        const world: World = { scheme, people, all, done: [] }
        const board = fromScratch(world, [])
        const standings = new Standings(board)
        const undoing: { changes: MemberChange[]; done: Done[] }[] = []
        everything(board, standings, windows)
        for (const step of steps) {
          switch (step.kind) {
            case 'records':
              undoing.push({ changes: importFile(board, world, step), done: world.done })
              world.done = afterFile(world, step)
              break
            case 'undo': {
              const last = undoing.pop()
              if (!last) break
              board.apply(invert(last.changes))
              world.done = last.done
              break
            }
            case 'roster':
              world.people = step.people
              world.all = step.all
              board.setRoster(step.people, step.all)
              break
            case 'scheme':
              world.scheme = step.scheme
              board.setScheme(step.scheme)
          }
          const scratch = fromScratch(world, board.dictionary.names)
          expect(everything(board, standings, windows)).toEqual(
            everything(scratch, new Standings(scratch), windows),
          )
        }
      }),
      { numRuns: 250 },
    )
  })
})
