import { appearance } from '@space-assistant/core/access/visibility'
import { isStaff, isSupport, schoolOfViewer, townsOf } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { HowTo } from '@space-assistant/core/howto/entries'
import type {
  HearingPlace,
  Understanding,
  UnderstandingActor,
  UnderstandingContext,
} from '@space-assistant/core/understanding/context'
import type { Intent } from '@space-assistant/core/understanding/intent'
import { PersonNameIndex } from '@space-assistant/core/understanding/names/person-names'
import { understand } from '@space-assistant/core/understanding/understand'
import { maskQuestion } from '@space-assistant/core/understanding/masked-question'
import { buildVocabulary } from '@space-assistant/core/understanding/vocabulary'
import type { UnderstandingVocabulary } from '@space-assistant/core/understanding/vocabulary'
import { loadExtraWords } from '@space-assistant/core/understanding/words-file'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'

/** Texts that are longer tell something; an entry that covers less of a text is not offered. */
const LONGEST_NEAR = 40
const NEAR_SCORE = 0.5

/** Whose names are kept; one school's are few. */
const MOST_VIEWERS = 2000

const stranger: UnderstandingActor = { role: 'stranger' }

interface HeardFrom {
  viewer: Viewer
  place: HearingPlace
  previous: readonly Intent[]
}

/** Reads messages against the scheme, roster and words of now; made again after one of them has changed. */
export class Understander {
  private vocabulary: UnderstandingVocabulary | undefined
  /** The names that a viewer may know, by what the viewer may know them for. */
  private readonly persons = new Map<string, PersonNameIndex>()
  private howTo: () => HowTo = () => ({
    entries: [],
    rules: { threshold: 1, closest: 1, synonyms: [], stopwords: [], person: [] },
  })

  constructor(private readonly ctx: Context) {
    ctx.on('space/roster-changed', () => this.forget())
    ctx.on('space/schemes-changed', () => this.forget())
  }

  forget(): void {
    this.vocabulary = undefined
    this.persons.clear()
  }

  knowHowTo(howTo: () => HowTo): void {
    this.howTo = howTo
    this.forget()
  }

  /** What a line of a group asks that was said to nobody in particular; undefined for chatter. */
  overhear(text: string): Understanding | undefined {
    const vocabulary = (this.vocabulary ??= this.make())
    const asked = { actor: stranger, place: 'overheard', previous: [], today: dayOf(new Date()) } as const
    const understood = vocabulary && understand(text, { ...asked, vocabulary })
    const [first] = understood?.intents ?? []
    return first && first.intent !== 'none' && first.intent !== 'unclear' ? understood : undefined
  }

  /** Undefined until there is a scheme and a roster to read against. */
  read(text: string, asked: HeardFrom): Understanding | undefined {
    const context = this.contextOf(asked)
    return context && understand(text, context)
  }

  contextOf(asked: HeardFrom): UnderstandingContext | undefined {
    const context = this.wholeContextOf(asked)
    const persons = this.personsOf(asked.viewer)
    return context && persons ? { ...context, vocabulary: { ...context.vocabulary, persons } } : context
  }

  /** With everybody's name, for whatever has to leave names out. */
  wholeContextOf({ viewer, ...asked }: HeardFrom): UnderstandingContext | undefined {
    const vocabulary = (this.vocabulary ??= this.make())
    return vocabulary && { ...asked, actor: this.actorOf(viewer), vocabulary, today: dayOf(new Date()) }
  }

  /**
   * A name that the viewer may not know is read as one that is in no roster: from what is understood and what is not,
   * nobody learns who there is. Undefined for those who may know all.
   */
  private personsOf(viewer: Viewer): PersonNameIndex | undefined {
    const roster = this.ctx.get('roster')
    if (!roster || isStaff(viewer)) return undefined
    const rights = viewer.grants.map((grant) =>
      'school' in grant ? grant.school : 'town' in grant ? grant.town : '',
    )
    const key = JSON.stringify([viewer.account, rights])
    const known = this.persons.get(key)
    if (known) return known
    if (this.persons.size >= MOST_VIEWERS) this.persons.clear()
    const visible = roster.members().filter(({ account, school }) => {
      const town = roster.school(school)?.town
      return appearance(viewer, { account, school, ...(town !== undefined && { town }) }) !== 'withheld'
    })
    const persons = new PersonNameIndex(visible)
    this.persons.set(key, persons)
    return persons
  }

  /** Entries of the how-to that are near to a text, though not near enough to be the answer. */
  nearest(text: string): Intent[] {
    const vocabulary = (this.vocabulary ??= this.make())
    const matches = text.length > LONGEST_NEAR ? [] : (vocabulary?.search.matches(text) ?? [])
    return matches
      .filter(({ score }) => score >= NEAR_SCORE)
      .slice(0, 2)
      .map(({ entry }) => ({ intent: 'how-to', entry: entry.id }))
  }

  /** The first phrasing of an entry of the how-to. */
  titleOf(id: string): string {
    return this.howTo().entries.find((entry) => entry.id === id)?.questions[0] ?? id
  }

  /** A text as it may be kept. */
  mask(text: string): string | undefined {
    const vocabulary = (this.vocabulary ??= this.make())
    return vocabulary && maskQuestion(text, vocabulary, dayOf(new Date()))
  }

  /** What a viewer is to the understanding. */
  actorOf(viewer: Viewer): UnderstandingActor {
    const roster = this.ctx.get('roster')
    const school = schoolOfViewer(viewer)
    const [office] = townsOf(viewer)
    const town = office ?? (school === undefined ? undefined : roster?.school(school)?.town)
    const name = viewer.account === undefined ? undefined : roster?.member(viewer.account)?.name
    return {
      role: roleOf(viewer),
      ...(name !== undefined && { name }),
      ...(school !== undefined && { school }),
      ...(town !== undefined && { town }),
    }
  }

  private make(): UnderstandingVocabulary | undefined {
    const [roster, schemes] = [this.ctx.get('roster'), this.ctx.get('schemes')]
    if (!roster || !schemes) return undefined
    const [words] = schemes.texts(/^words\.yml$/)
    const extra = words && loadExtraWords(words.text, words.file)
    if (extra && !extra.ok)
      this.ctx.logger('space-conversation').warn('%s was not read: it has mistakes', words?.file)
    return buildVocabulary({
      scheme: schemes.active,
      calendar: schemes.calendar,
      schools: roster.schools(),
      members: roster.members(),
      howTo: this.howTo(),
      ...(extra?.ok && { words: extra.value }),
    })
  }
}

function roleOf(viewer: Viewer): UnderstandingActor['role'] {
  const { grants } = viewer
  if (isStaff(viewer)) return 'staff'
  if (isSupport(viewer)) return 'support'
  if (grants.some(({ kind }) => kind === 'town')) return 'town'
  if (grants.some(({ kind }) => kind === 'administrator')) return 'administrator'
  return viewer.account === undefined ? 'stranger' : 'teacher'
}
