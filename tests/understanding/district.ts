import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadCalendar } from '@space-assistant/core/calendar/school-calendar'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { ConfigResult } from '@space-assistant/core/configuration/document'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { readHowTo } from '@space-assistant/core/howto/entries'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type {
  HearingPlace,
  UnderstandingActor,
  UnderstandingContext,
} from '@space-assistant/core/understanding/context'
import type { Intent } from '@space-assistant/core/understanding/intent'
import { understand } from '@space-assistant/core/understanding/understand'
import { buildVocabulary } from '@space-assistant/core/understanding/vocabulary'
import type { UnderstandingVocabulary } from '@space-assistant/core/understanding/vocabulary'
import { loadExtraWords } from '@space-assistant/core/understanding/words-file'

const config = join(__dirname, '../../config')
const read = (file: string) => readFileSync(join(config, file), 'utf8')

function need<T>(result: ConfigResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value
}

/** The day on which the labelled utterances are said. */
export const utteranceDay = '2022-05-18'
const today = parseDay(utteranceDay) ?? 0

/** The vocabulary of a made-up district of a size, over the real configuration. */
export function makeVocabulary(schemeId = 'xinzhou-2022', size = 1): UnderstandingVocabulary {
  const district = makeDistrict({ size })
  const howTo = readdirSync(join(config, 'how-to')).map((name) => ({
    file: `how-to/${name}`,
    text: read(`how-to/${name}`),
  }))
  return buildVocabulary({
    scheme: need(loadScheme(read(`schemes/${schemeId}.yml`), `${schemeId}.yml`)),
    calendar: need(loadCalendar(read('calendar.yml'), 'calendar.yml')),
    schools: district.schools,
    members: district.members,
    howTo: need(readHowTo(howTo)),
    words: need(loadExtraWords(read('words.yml'), 'words.yml')),
  })
}

const school = '4200007'
const town = '\u767d\u6ee9\u8857'
/** Who the labels speak of. */
export const utteranceActors: Record<UnderstandingActor['role'], UnderstandingActor> = {
  administrator: { role: 'administrator', name: '\u66fe\u7ea2\u5b50', school, town },
  teacher: { role: 'teacher', name: '\u94b1\u6db5\u6653', school, town },
  staff: { role: 'staff' },
  support: { role: 'support' },
  town: { role: 'town', town },
  stranger: { role: 'stranger' },
}

/** Understands a line after the lines that the same person said before it. */
export function understandAfter(
  text: string,
  before: readonly string[],
  given: { vocabulary: UnderstandingVocabulary; as: UnderstandingActor['role']; place: HearingPlace },
): readonly Intent[] {
  let previous: readonly Intent[] = []
  const context = (place: HearingPlace): UnderstandingContext => ({
    vocabulary: given.vocabulary,
    actor: utteranceActors[given.as],
    place,
    today,
    previous,
  })
  for (const line of before) {
    previous = [
      ...previous,
      ...understand(line, context(given.place === 'overheard' ? 'group' : given.place)).intents,
    ]
  }
  return understand(text, context(given.place)).intents
}
