import { describe, expect, it } from 'vitest'
import type { TicketEvent } from '../../src/tickets/event'
import { decideTicketStep, mergeTickets } from '../../src/tickets/life'
import type { Ticket } from '../../src/tickets/ticket'
import { at, eventOf, helper, lived, message, policy, reporter, system, ticketIn } from './sample'

function code(ticket: Ticket | undefined, event: TicketEvent): string {
  const decision = decideTicketStep(ticket, event, policy)
  return decision.ok ? decision.ticket.state : decision.code
}
const other = { kind: 'helper', id: 'sun' } as const
const stranger = { kind: 'reporter', id: 'stranger' } as const

describe('who may do what', () => {
  const cases: [string, Ticket, TicketEvent, string][] = [
    ['a reporter does not take', ticketIn('open'), { ...eventOf('take'), by: reporter }, 'helpers-only'],
    ['a helper does not rate', ticketIn('resolved'), { ...eventOf('rate'), by: helper }, 'reporters-only'],
    ['a stranger does not reply', ticketIn('open'), { ...eventOf('reply'), by: stranger }, 'not-yours'],
    ['a stranger does not reopen', ticketIn('closed'), { ...eventOf('reopen'), by: stranger }, 'not-yours'],
    ['a stranger does not erase', ticketIn('open'), { ...eventOf('erase'), by: stranger }, 'not-yours'],
    [
      'nobody but the clock closes by silence',
      ticketIn('resolved'),
      { ...eventOf('warn'), by: helper },
      'system-only',
    ],
    ['the clock does not resolve', ticketIn('taken'), { ...eventOf('resolve'), by: system }, 'helpers-only'],
    [
      'retention does not erase what is alive',
      ticketIn('waiting'),
      { ...eventOf('erase'), by: system },
      'still-live',
    ],
    ['retention erases what is over', ticketIn('closed'), { ...eventOf('erase'), by: system }, 'erased'],
    [
      'a stranger hears where a merged one lives on',
      ticketIn('merged'),
      { ...eventOf('reply'), by: stranger },
      'merged',
    ],
  ]
  it.each(cases)('%s', (_, ticket, event, expected) => expect(code(ticket, event)).toBe(expected))

  it('a ticket cannot be reported by a helper', () => {
    expect(code(undefined, { ...eventOf('report'), by: helper })).toBe('reporters-only')
  })
})

describe('refusals by what the event says', () => {
  const taken = ticketIn('taken')
  const cases: [string, Ticket, Partial<TicketEvent> & { kind: TicketEvent['kind'] }, string][] = [
    ['a resolution needs a reason', taken, { kind: 'resolve', reason: '' }, 'reason-missing'],
    ['a resolution needs a known reason', taken, { kind: 'resolve', reason: 'bored' }, 'reason-unknown'],
    [
      'a reporter has one reason',
      taken,
      { kind: 'resolve', reason: 'fixed', by: reporter },
      'reason-not-yours',
    ],
    ['the same category', taken, { kind: 'change-category', category: 'fault' }, 'same-category'],
    ['the same urgency', taken, { kind: 'change-urgency', urgency: 'normal' }, 'same-urgency'],
    [
      'the same group when nobody has it',
      ticketIn('open'),
      { kind: 'hand-on', group: 'support' },
      'same-group',
    ],
    ['back to the own group when somebody has it', taken, { kind: 'hand-on', group: 'support' }, 'open'],
    ['into itself', taken, { kind: 'merge', target: { number: 1024, state: 'taken' } }, 'into-itself'],
    [
      'into a merged one',
      taken,
      { kind: 'merge', target: { number: 9, state: 'merged', mergedInto: 8 } },
      'target-merged',
    ],
    [
      'round a circle',
      taken,
      { kind: 'merge', target: { number: 9, state: 'merged', mergedInto: 1024 } },
      'into-itself',
    ],
    ['into a closed one', taken, { kind: 'merge', target: { number: 9, state: 'closed' } }, 'target-over'],
    ['no star', ticketIn('resolved'), { kind: 'rate', stars: 0 }, 'stars'],
    ['half a star', ticketIn('resolved'), { kind: 'rate', stars: 4.5 }, 'stars'],
    ['who belongs to it joins again', taken, { kind: 'join', reporters: ['wang'] }, 'already-joined'],
    ['a timer of an older clock', ticketIn('resolved'), { kind: 'warn', since: 1 }, 'stale-timer'],
    [
      'the end before the warning',
      ticketIn('resolved'),
      { kind: 'close-by-silence', since: 2 },
      'stale-timer',
    ],
  ]
  it.each(cases)('%s', (_, ticket, deed, expected) => {
    expect(code(ticket, { ...eventOf(deed.kind), ...deed } as TicketEvent)).toBe(expected)
  })

  it('reopening has its time', () => {
    const closed = ticketIn('closed')
    expect(code(closed, { kind: 'reopen', by: reporter, at: at(50 + 30 * 1440) })).toBe('open')
    expect(code(closed, { kind: 'reopen', by: reporter, at: at(51 + 30 * 1440) })).toBe('too-late-to-reopen')
  })

  it('one reporter rates once a resolution, and again after the next', () => {
    const low: TicketEvent = { kind: 'rate', by: reporter, at: at(101), stars: 2 }
    const rated = lived(eventOf('report'), eventOf('resolve'), low)
    expect(rated.state).toBe('resolved')
    expect(code(rated, low)).toBe('already-rated')
    const again = lived(eventOf('report'), eventOf('resolve'), low, eventOf('reopen'), eventOf('resolve'))
    expect(code(again, { ...low, stars: 5 })).toBe('closed')
  })
})

describe('two helpers at once', () => {
  const seen = ticketIn('open')
  const first = decideTicketStep(seen, { kind: 'take', by: helper, at: at(1), seen: seen.version }, policy)
  const now = first.ok ? first.ticket : seen

  it('the second who takes is told who has it', () => {
    const decision = decideTicketStep(now, { kind: 'take', by: other, at: at(1) }, policy)
    expect(decision).toMatchObject({
      ok: false,
      code: 'already-taken',
      params: { number: 1024, helper: 'li' },
    })
  })

  it('a decision on what is no longer so is refused', () => {
    for (const kind of ['resolve', 'merge', 'hand-on', 'change-category', 'ask-back', 'erase'] as const) {
      expect(code(now, { ...eventOf(kind), by: other, seen: seen.version })).toBe('changed-meanwhile')
    }
  })

  it('two answers both arrive, whoever saw what, and the first is the response', () => {
    const one = lived(eventOf('report'), {
      kind: 'answer',
      by: helper,
      at: at(5),
      message: message('一'),
      seen: 1,
    })
    const two = decideTicketStep(
      one,
      { kind: 'answer', by: other, at: at(6), message: message('二'), seen: 1 },
      policy,
    )
    expect(two).toMatchObject({ ok: true, ticket: { helper: 'li', respondedAt: at(5), version: 3 } })
    expect(two.ok && two.effects.map(({ key }) => key)).toEqual(['1024/3/0', '1024/3/1'])
  })

  it('two resolutions: the second is told the first one’s reason', () => {
    const decision = decideTicketStep(ticketIn('resolved'), { ...eventOf('resolve'), by: other }, policy)
    expect(decision).toMatchObject({ code: 'resolved', params: { reason: 'fixed' } })
  })
})

describe('joined reporters', () => {
  const joined = lived(eventOf('report'), eventOf('join'))

  it('everybody hears the outcome once', () => {
    const decision = decideTicketStep(joined, eventOf('resolve'), policy)
    const told = decision.ok
      ? decision.effects.flatMap((e) => (e.kind === 'tell-reporter' ? [e.reporter] : []))
      : []
    expect(told).toEqual(['wang', 'zhao'])
  })

  it('one of several cannot end it for the others, and only the first one can erase it', () => {
    const solved: TicketEvent = { kind: 'resolve', by: reporter, at: at(120), reason: 'self-solved' }
    expect(code(joined, solved)).toBe('others-joined')
    const [, second = ''] = joined.reporters
    const guest = { kind: 'reporter', id: second } as const
    expect(code(joined, { kind: 'erase', by: guest, at: at(120) })).toBe('others-joined')
    expect(code(joined, { kind: 'erase', by: reporter, at: at(120) })).toBe('erased')
  })

  it('it closes by rating only when all have rated', () => {
    const resolved = lived(eventOf('report'), eventOf('join'), eventOf('resolve'))
    const one: TicketEvent = { kind: 'rate', by: reporter, at: at(120), stars: 4 }
    const two: TicketEvent = { kind: 'rate', by: { kind: 'reporter', id: 'zhao' }, at: at(121), stars: 3 }
    expect(code(resolved, one)).toBe('resolved')
    expect(lived(eventOf('report'), eventOf('join'), eventOf('resolve'), one, two).state).toBe('closed')
  })

  it('a merge brings the reporters along, each told once, none twice', () => {
    const target: Ticket = { ...ticketIn('taken'), number: 2000, reporters: ['zhao', 'qian'] }
    const decision = mergeTickets({ source: joined, target }, { by: helper, at: at(130) }, policy)
    expect(decision).toMatchObject({
      ok: true,
      source: { state: 'merged', mergedInto: 2000 },
      target: { reporters: ['zhao', 'qian', 'wang'] },
    })
    const news = decision.ok ? decision.effects.map((e) => ('news' in e ? e.news : e.kind)) : []
    expect(news).toEqual(['merged', 'merged', 'joined'])
  })

  it('a merge into a resolved one tells who comes along how it was resolved', () => {
    const target: Ticket = { ...ticketIn('resolved'), number: 2000, reporters: ['qian'] }
    const decision = mergeTickets({ source: ticketIn('open'), target }, { by: helper, at: at(130) }, policy)
    expect(decision.ok && decision.effects.map((e) => ('news' in e ? e.news : e.kind))).toEqual([
      'merged',
      'resolved',
      'joined',
    ])
  })

  it('a merge of reports by the same person leaves the target as it is', () => {
    const target: Ticket = { ...ticketIn('taken'), number: 2000 }
    const decision = mergeTickets({ source: ticketIn('open'), target }, { by: helper, at: at(130) }, policy)
    expect(decision).toMatchObject({ ok: true, target })
  })
})

describe('silence', () => {
  it('warns, then closes; the reporter can put it off', () => {
    const resolved = ticketIn('resolved')
    const warn: TicketEvent = { kind: 'warn', by: system, at: at(2000), since: resolved.timer!.since }
    const warned = lived(eventOf('report'), eventOf('resolve'), warn)
    expect(code(warned, warn)).toBe('stale-timer')
    const close: TicketEvent = {
      kind: 'close-by-silence',
      by: system,
      at: at(3000),
      since: warned.timer!.since,
    }
    expect(code(warned, close)).toBe('closed')
    const held = decideTicketStep(warned, { kind: 'hold', by: reporter, at: at(2500) }, policy)
    expect(held.ok && code(held.ticket, close)).toBe('stale-timer')
  })

  it('closes an unanswered question with its own reason', () => {
    const waiting = lived(eventOf('report'), eventOf('ask-back'))
    const warned = decideTicketStep(waiting, { kind: 'warn', by: system, at: at(200), since: 2 }, policy)
    const closed =
      warned.ok &&
      decideTicketStep(warned.ticket, { kind: 'close-by-silence', by: system, at: at(300), since: 3 }, policy)
    expect(closed).toMatchObject({ ok: true, ticket: { state: 'closed', reason: 'no-reply' } })
  })

  it('a word of the reporter starts the clock afresh', () => {
    const replied = lived(eventOf('report'), eventOf('resolve'), eventOf('reply'))
    expect(replied).toMatchObject({ state: 'resolved', timer: { kind: 'warn', since: 3 } })
  })
})

describe('times', () => {
  it('taking alone is no response; the word is owed since the reply that is not answered', () => {
    const taken = ticketIn('taken')
    expect(taken).toMatchObject({ dueSince: at(0) })
    expect(taken.respondedAt).toBeUndefined()
    const asked = lived(eventOf('report'), eventOf('ask-back'))
    expect(asked.dueSince).toBeUndefined()
    const replied = lived(eventOf('report'), eventOf('ask-back'), { ...eventOf('reply'), at: at(200) })
    const nudged = lived(
      eventOf('report'),
      eventOf('ask-back'),
      { ...eventOf('reply'), at: at(200) },
      { ...eventOf('reply'), at: at(300) },
    )
    expect([replied.dueSince, nudged.dueSince]).toEqual([at(200), at(200)])
  })

  it('a clock that goes back does not turn the history around', () => {
    const earlier = lived(eventOf('report'), { ...eventOf('take'), at: at(-60) })
    expect(earlier.changedAt).toEqual(at(0))
  })
})

it('erasing leaves nobody and no message', () => {
  const erased = decideTicketStep(
    lived(eventOf('report'), eventOf('join'), eventOf('take')),
    eventOf('erase'),
    policy,
  )
  expect(erased).toMatchObject({
    ok: true,
    ticket: { reporters: [], ratings: {}, number: 1024, category: 'fault' },
  })
  expect(erased.ok && erased.ticket.helper).toBeUndefined()
})

describe('what support says', () => {
  const joined = () => lived(eventOf('report'), eventOf('join'))
  const told = (event: TicketEvent, ticket = joined()) => {
    const decision = decideTicketStep(ticket, event, policy)
    if (!decision.ok) throw new Error(decision.code)
    return decision.effects.flatMap((one) =>
      one.kind === 'tell-reporter' ? [`${one.reporter} ${one.news} ${one.message?.text ?? ''}`.trim()] : [],
    )
  }

  it('goes to the first reporter; whoever joined hears that it is taken, and the outcome', () => {
    expect(told(eventOf('answer'))).toEqual(['wang answer 请问是哪个浏览器', 'zhao taken'])
    expect(told(eventOf('ask-back'))).toEqual(['wang question 请问是哪个浏览器', 'zhao taken'])
    const answered = lived(eventOf('report'), eventOf('join'), eventOf('answer'))
    expect(told(eventOf('answer'), answered)).toEqual(['wang answer 请问是哪个浏览器'])
    expect(told(eventOf('correct'), answered)).toEqual(['wang corrected 请看日志'])
    expect(told(eventOf('resolve'), answered)).toEqual(['wang resolved', 'zhao resolved'])
    const over = lived(eventOf('report'), eventOf('join'), eventOf('resolve'))
    const words = {
      ...eventOf('reopen'),
      message: { text: '我的账号还是进不去', attachments: [] },
    } as TicketEvent
    expect(told(words, over)).toEqual(['zhao reopened'])
    expect(told({ ...words, by: helper }, over)).toEqual([
      'wang reopened 我的账号还是进不去',
      'zhao reopened',
    ])
  })

  it('and is not followed by anything is warned about and then ended, unless somebody speaks', () => {
    const answered = lived(eventOf('report'), eventOf('answer'))
    const since = answered.timer!.since
    const warned = decideTicketStep(answered, { kind: 'warn', by: system, since, at: at(3000) }, policy)
    expect(warned).toMatchObject({ ok: true, ticket: { state: 'taken', timer: { kind: 'close' } } })
    const { ticket } = warned as Extract<typeof warned, { ok: true }>
    const end = { kind: 'close-by-silence', by: system, since: ticket.timer!.since, at: at(4000) } as const
    expect(decideTicketStep(ticket, end, policy)).toMatchObject({
      ok: true,
      ticket: { state: 'closed', reason: 'answered', resolvedAt: at(4000) },
    })
    const replied = lived(eventOf('report'), eventOf('answer'), eventOf('reply'))
    expect(replied.timer).toBeUndefined()
  })

  it('can be taken back for a minute: support owes a word again', () => {
    const answered = lived(eventOf('report'), { ...eventOf('answer'), at: at(5) })
    const back = { kind: 'retract', by: helper, answer: 2, answeredAt: at(5), at: at(6) } as const
    const decision = decideTicketStep(answered, back, policy)
    expect(decision).toMatchObject({ ok: true, ticket: { state: 'taken', dueSince: at(5) } })
    expect(decision.ok && decision.ticket.respondedAt).toBeUndefined()
    expect(decision.ok && decision.ticket.timer).toBeUndefined()
  })
})
