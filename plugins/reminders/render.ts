import type { Translate } from '@space-assistant/core/text/translate'
import { figure } from '@space-assistant/core/text/figure'
import { maskName } from '@space-assistant/core/access/masking'
import type { Nudge, NudgeContent } from '@space-assistant/core/nudges/nudge'
import { formatDay, mondayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { activationState } from '@space-assistant/core/tasks/activation'
import type { MemberTasks } from '@space-assistant/core/tasks/member'
import { roomSentence, targetSentence } from '@space-assistant/core/tasks/sentence'
import type { Behind } from '@space-assistant/core/tasks/school'

type Place = 'private' | 'group'
type SaidNudge = Pick<Nudge, 'content' | 'audience'>
type Of<K extends NudgeContent['kind']> = NudgeContent & { kind: K }

export interface RenderSources {
  say: Translate
  scheme: () => Scheme
  dataUntil: () => Day | undefined
}

const shownTasks = 3
const shownNames = 12
const shownSchools = 5

/** Puts what is to be said into words. Names of others are masked wherever others read along. */
export class Renderer {
  constructor(private readonly sources: RenderSources) {}

  text(nudge: SaidNudge, place: Place): string {
    return this.together([nudge], place)
  }

  /** Several things for one reader as one message: what the figures rest on and how to have peace stand once, at the end. */
  together(nudges: readonly SaidNudge[], place: Place): string {
    const lines = nudges.flatMap(({ content, audience }) => this.lines(content, audience, place))
    return [...lines, ...this.foot(nudges, place)].filter(Boolean).join('\n')
  }

  private lines(content: NudgeContent, audience: Nudge['audience'], place: Place): string[] {
    switch (content.kind) {
      case 'own-tasks':
        return this.tasks(content.tasks, this.say('own.head'))
      case 'school-digest':
        return this.school(content, place)
      case 'district-digest':
        return this.district(content)
      case 'import-missing':
        return [this.missing(content)]
      case 'phase':
        return this.phase(content, audience)
    }
  }

  /** One that keeps what it said lately: many are told the same. For one piece of work, as texts may be changed. */
  remembering(): Renderer {
    return new Renderer({ ...this.sources, say: remembered(this.sources.say) })
  }

  private get say(): Translate {
    return this.sources.say
  }

  private tasks(tasks: MemberTasks, lead = ''): string[] {
    const { say } = this
    switch (tasks.kind) {
      case 'targets': {
        const lines = tasks.unmet.slice(0, shownTasks).map((task, i) => targetSentence(say, task, i + 1))
        return [lead + say('own.unmet', { count: tasks.unmet.length }), ...lines]
      }
      case 'room': {
        const lines = tasks.now.slice(0, shownTasks).map((task, i) => roomSentence(say, task, i + 1))
        const once = tasks.once.slice(0, shownTasks).map(({ indicator, points }) => {
          return say('own.once', { indicator: indicator.name, points: figure(points) })
        })
        const head = tasks.now.length ? say('own.room', { points: figure(tasks.points) }) : say('own.no-room')
        return [lead + head, ...lines, once.length ? say('own.not-once', { list: this.list(once) }) : '']
      }
    }
  }

  private school({ tasks, day, rank, own }: Of<'school-digest'>, place: Place): string[] {
    const { say } = this
    const { school, teacher, rate } = tasks
    const scheme = this.sources.scheme()
    const behind = teacher.behind.length
    const counts = { members: teacher.members, behind }
    const state = activationState(rate, scheme)
    return [
      say('school.head', { school: school.name, day: formatDay(day) }),
      say(behind ? `school.${scheme.tasks}` : 'school.none-behind', counts),
      behind ? this.names(teacher.behind, place) : '',
      rate === null ? '' : say('school.activation', { rate: percent(rate) }) + this.state(state),
      rank ? say('school.rank', rank) + this.change(rank.change) : '',
      ...(own ? this.tasks(own, say('own.as-administrator')) : []),
    ]
  }

  private state(state: ReturnType<typeof activationState>): string {
    return this.say(`activation.${state ?? 'alone'}`)
  }

  private change(change: number | undefined): string {
    if (change === undefined) return this.say('change.none')
    if (change === 0) return this.say('change.same')
    return this.say(change > 0 ? 'change.up' : 'change.down', { places: Math.abs(change) })
  }

  private names(behind: readonly Behind[], place: Place): string {
    const names = behind
      .slice(0, shownNames)
      .map(({ member }) => (place === 'group' ? maskName(member.name) : member.name))
    return this.say(behind.length > names.length ? 'school.names-more' : 'school.names', {
      names: this.list(names),
      count: behind.length,
    })
  }

  private missing({ day, until }: Of<'import-missing'>): string {
    const params = { from: formatDay(mondayOf(day)), to: formatDay(day) }
    return until === undefined
      ? this.say('import.none', params)
      : this.say('import.short', { ...params, until: formatDay(until) })
  }

  private district({ digest, day }: Of<'district-digest'>): string[] {
    const { say } = this
    const worst = digest.worst.slice(0, shownSchools).map(({ school, behind, members }) => {
      return say('district.school', { school: school.name, behind, members })
    })
    return [
      say('district.head', { day: formatDay(day) }),
      say(`district.${this.sources.scheme().tasks}`, digest),
      worst.length ? say('district.worst', { schools: this.list(worst) }) : '',
      digest.rate === null ? '' : say('district.activation', { rate: percent(digest.rate) }),
      digest.belowAward ? say('district.below-award', { count: digest.belowAward }) : '',
    ]
  }

  private phase({ phase, moment, missing, school }: Of<'phase'>, audience: Nudge['audience']): string[] {
    const { say } = this
    const { name, todo, window } = phase
    const params = { name, from: formatDay(window.from), to: formatDay(window.to), days: moment }
    const head = say(
      moment === 'start' ? 'phase.start' : moment === 0 ? 'phase.last-day' : 'phase.days',
      params,
    )
    const { activation, behind, tasks } = missing
    const goal = percent(this.sources.scheme().activation?.goal ?? 1)
    const opened =
      activation === undefined
        ? ''
        : audience === 'teacher'
          ? say('phase.not-opened')
          : say('phase.activation', { rate: percent(activation), goal })
    return [
      head,
      say('phase.todo', { todo }),
      behind ? this.behind(school?.name ?? '', behind) : '',
      opened,
      ...(tasks ? this.tasks(tasks) : []),
    ]
  }

  private behind(
    school: string,
    { teachers, administrators }: { teachers: number; administrators: number },
  ): string {
    const who = [
      ...(teachers ? [this.say('phase.teachers', { count: teachers })] : []),
      ...(administrators ? [this.say('phase.administrators', { count: administrators })] : []),
    ]
    return this.say('phase.behind', { school, who: this.list(who) })
  }

  /** What the figures rest on, where to see more and how to have peace. */
  private foot(nudges: readonly SaidNudge[], place: Place): string[] {
    const until = this.sources.dataUntil()
    const figures = nudges.some(
      ({ content }) =>
        content.kind !== 'import-missing' &&
        (content.kind !== 'phase' || content.missing.behind || content.missing.tasks),
    )
    const data = until === undefined ? this.say('no-data') : this.say('data-until', { day: formatDay(until) })
    return [figures ? data : '', this.say(`foot.${footOf(nudges, place)}`)]
  }

  private list(parts: readonly string[]): string {
    return parts.join(this.say('and'))
  }
}

/** Which hint stands at the end. Only a group of a school reads names that are masked. */
function footOf(nudges: readonly SaidNudge[], place: Place): string {
  const kinds = new Set(nudges.map(({ content }) => content.kind))
  if (place === 'group' && kinds.has('school-digest')) return 'group'
  if (kinds.has('school-digest')) return kinds.has('own-tasks') ? 'both' : 'school-digest'
  const first = (['own-tasks', 'import-missing', 'district-digest'] as const).find((kind) => kinds.has(kind))
  return first ?? 'phase'
}

/** Texts kept at most; that many are a few hundred kilobytes. */
const KEPT = 2000

function remembered(say: Translate): Translate {
  const texts = new Map<string, string>()
  return (key, params) => {
    const id = params ? key + JSON.stringify(params) : key
    const known = texts.get(id)
    if (known !== undefined) return known
    if (texts.size >= KEPT) texts.clear()
    const text = say(key, params)
    texts.set(id, text)
    return text
  }
}

/** Rounded down, so that 100 % is said only of all. */
function percent(rate: number): string {
  return String(Math.floor(rate * 1000 + 1e-9) / 10)
}
