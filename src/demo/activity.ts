import type { Day } from '../calendar/day'
import { monthOf, requireDay, weekdayOf } from '../calendar/day'
import type { Attribute, Indicator, Scheme } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { DemoDistrict } from './district'
import { hash, Random } from './random'
import words from './words.json'

/** The actions of one day in order of time, as columns; only the first `length` entries of each are meant. */
export interface DayOfActions {
  day: Day
  length: number
  /** Index in `district.members`. */
  member: Uint32Array
  /** Index in `scheme.indicators`. */
  indicator: Uint16Array
  /** Minutes since local midnight. */
  minute: Uint16Array
  /** Nearly always 1. */
  count: Uint8Array
  /** What the indicator's tested attribute carries; NO_VALUE when the record carries none. */
  value: Uint16Array
}

export const NO_VALUE = 0xffff

export interface ActivityOptions {
  /** Default: the first half year of the scheme's period. */
  window?: Window
  /** 1 gives about 800 actions per member and year under the rules of a scheme like xinzhou-2022. */
  pace?: number
}

/** The first half year of the scheme's period. */
export function demoWindow(scheme: Scheme): Window {
  return { from: scheme.period.from, to: Math.min(scheme.period.to, scheme.period.from + 180) }
}

/** The attribute that a record of the indicator carries in the demo: the one that its requirement tests. */
export function testedAttribute(indicator: Indicator): Attribute | undefined {
  return indicator.requirement?.conditions[0]?.attribute
}

const CHARACTER = 2
const ACTION = 3
const WEEKEND = 0.15
/** Chance that one more action of the same kind follows on the same day. */
const AGAIN = 0.3
/** Share of its limit that a member of diligence 1 does; brings the rows per member and year to about 800. */
const USUAL = 0.6
const FAILS = 0.07
const WEEK = 5 + 2 * WEEKEND

/**
 * Made-up activity of a district under a scheme, day by day, without holding more than a day in memory. A day
 * is the same whether it is asked for alone or within a longer window.
 */
export function* activity(
  district: DemoDistrict,
  scheme: Scheme,
  { window = demoWindow(scheme), pace = 1 }: ActivityOptions = {},
): Generator<DayOfActions> {
  const plans = scheme.indicators.map((indicator) => planOf(indicator, scheme, pace))
  const characters = district.members.map((_, index) => characterOf(district, index, scheme))
  const sheet = new Sheet(district.members.length * 4)
  const random = new Random(district.seed)
  for (let day = window.from; day <= window.to; day++) {
    const busy = busyness(day)
    sheet.length = 0
    characters.forEach((character, member) => {
      if (character.diligence === 0 || day > character.lastDay) return
      random.reseed(hash(district.seed, ACTION), day, member)
      draw(character, member, plans, busy, sheet, random)
    })
    yield sheet.sorted(day)
  }
}

interface Character {
  diligence: number
  /** Logs in on nearly every day, holidays too. */
  enthusiast: boolean
  administrator: boolean
  teacher: boolean
  lastDay: Day
}

interface Plan {
  index: number
  role: Indicator['role']
  streak: boolean
  /** Expected bursts of actions on an ordinary workday for a diligence of 1. */
  rate: number
  /** The bound that a carried attribute is drawn around. */
  bound?: number | undefined
}

function characterOf(district: DemoDistrict, index: number, scheme: Scheme): Character {
  const member = district.members[index]!
  const random = new Random(district.seed, CHARACTER, index)
  const draw = random.next()
  const enthusiast = draw > 0.94
  let diligence = 0.25 + 0.75 * random.next()
  if (draw < 0.05) diligence = 0
  else if (draw < 0.2) diligence *= 0.2
  else if (enthusiast) diligence = 1.6 + random.next()
  const { from, to } = scheme.period
  return {
    diligence,
    enthusiast,
    administrator: member.roles.includes('administrator'),
    teacher: member.roles.includes('teacher'),
    // Who has retired or left stopped at some moment of the first half year.
    lastDay: member.state === 'active' ? to : from + random.whole(20, 160),
  }
}

const bucketWorkdays = { day: 1, week: WEEK, month: 22, year: 190, period: 130 }

function planOf(indicator: Indicator, scheme: Scheme, pace: number): Plan {
  const limit = (indicator.rule.kind === 'action' ? indicator.rule.cap : undefined) ?? indicator.target
  // A task beside a cap says better how often people do it: "once a day at most, once a week as the task".
  const often = indicator.target ?? limit
  return {
    index: scheme.indicators.indexOf(indicator),
    role: indicator.role,
    streak: indicator.rule.kind === 'streak',
    rate: (pace * USUAL * (often?.times ?? 1)) / bucketWorkdays[often?.per ?? 'week'],
    bound: indicator.requirement?.conditions[0]?.min,
  }
}

function draw(
  who: Character,
  member: number,
  plans: readonly Plan[],
  busy: number,
  sheet: Sheet,
  random: Random,
): void {
  let there = true
  for (const plan of plans) {
    if (!(plan.role === 'administrator' ? who.administrator : plan.role === 'teacher' && who.teacher))
      continue
    const chance = plan.streak ? loginChance(who, busy) : plan.rate * who.diligence * busy * (there ? 1 : 0.3)
    const acts = random.chance(Math.min(chance, 0.985))
    if (plan.streak) there = acts
    if (!acts) continue
    do sheet.add(member, plan, random)
    while (random.chance(AGAIN))
  }
}

function loginChance(who: Character, busy: number): number {
  return who.enthusiast ? 0.98 : Math.min(0.96, 0.1 + 0.85 * who.diligence) * busy
}

const quiet = words.quiet.map(({ from, to, factor }) => ({
  from: requireDay(from),
  to: requireDay(to),
  factor,
}))

function busyness(day: Day): number {
  const pause = quiet.find(({ from, to }) => day >= from && day <= to)
  if (pause) return pause.factor
  // Spring is busier than the weeks around the new year.
  const season = 0.9 + 0.2 * (monthOf(day) % 3 === 2 ? 1 : 0.4)
  return weekdayOf(day) > 5 ? WEEKEND : season
}

/** Grows as needed and is used again for each day. */
class Sheet {
  length = 0
  private member: Uint32Array
  private indicator: Uint16Array
  private minute: Uint16Array
  private count: Uint8Array
  private value: Uint16Array

  constructor(private capacity: number) {
    this.member = new Uint32Array(capacity)
    this.indicator = new Uint16Array(capacity)
    this.minute = new Uint16Array(capacity)
    this.count = new Uint8Array(capacity)
    this.value = new Uint16Array(capacity)
  }

  add(member: number, plan: Plan, random: Random): void {
    if (this.length === this.capacity) this.grow()
    const at = this.length++
    this.member[at] = member
    this.indicator[at] = plan.index
    // Two draws make a hill around the early afternoon, 07:00 to 21:59.
    this.minute[at] = 420 + Math.floor((random.next() + random.next()) * 450)
    this.count[at] = random.chance(0.03) ? random.whole(2, 3) : 1
    this.value[at] = valueOf(plan, random)
  }

  /** In order of time; within a minute in order of member. */
  sorted(day: Day): DayOfActions {
    const starts = new Uint32Array(1441)
    for (let at = 0; at < this.length; at++) starts[this.minute[at]! + 1]!++
    for (let minute = 0; minute < 1440; minute++) starts[minute + 1]! += starts[minute]!
    const order = new Uint32Array(this.length)
    for (let at = 0; at < this.length; at++) order[starts[this.minute[at]!]!++] = at
    return {
      day,
      length: this.length,
      member: Uint32Array.from(order, (at) => this.member[at]!),
      indicator: Uint16Array.from(order, (at) => this.indicator[at]!),
      minute: Uint16Array.from(order, (at) => this.minute[at]!),
      count: Uint8Array.from(order, (at) => this.count[at]!),
      value: Uint16Array.from(order, (at) => this.value[at]!),
    }
  }

  private grow(): void {
    this.capacity *= 2
    this.member = widen(this.member, new Uint32Array(this.capacity))
    this.indicator = widen(this.indicator, new Uint16Array(this.capacity))
    this.minute = widen(this.minute, new Uint16Array(this.capacity))
    this.count = widen(this.count, new Uint8Array(this.capacity))
    this.value = widen(this.value, new Uint16Array(this.capacity))
  }
}

function widen<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

function valueOf({ bound }: Plan, random: Random): number {
  if (bound === undefined || random.chance(0.2)) return NO_VALUE
  return random.chance(FAILS) ? random.whole(0, Math.max(0, bound - 1)) : random.whole(bound, bound * 2 + 2)
}
