import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { loadCalendar } from '@space-assistant/core/calendar/school-calendar'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { ConfigResult } from '@space-assistant/core/configuration/document'
import { readHowTo } from '@space-assistant/core/howto/entries'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeConfigProblem } from '@space-assistant/core/scheme/problem'
import { hearingPlaces } from '@space-assistant/core/understanding/context'
import type { HearingPlace, UnderstandingActor } from '@space-assistant/core/understanding/context'
import { intentSchema } from '@space-assistant/core/understanding/intent'
import type { Intent } from '@space-assistant/core/understanding/intent'
import { understand } from '@space-assistant/core/understanding/understand'
import { buildVocabulary } from '@space-assistant/core/understanding/vocabulary'
import type { UnderstandingVocabulary } from '@space-assistant/core/understanding/vocabulary'
import { loadExtraWords } from '@space-assistant/core/understanding/words-file'
import { findSchemeFile } from './config-files'
import { exitCodes } from './outcome'
import { readConfigFolder, readLocalHeaders } from './local-config'
import { readRosters } from './roster-files'
import type { RosterFiles } from './roster-files'
import { locale, text } from './text'

/** Something in the arguments or files that the person at the command line can put right. */
class UnderstandMistake extends Error {}

/** `space understand`: every line of standard input as the intents that it asks, one JSON a line. */
export async function run(args: string[]): Promise<number> {
  try {
    await answerLines(await readSettings(args))
    return exitCodes.done
  } catch (error) {
    if (!(error instanceof UnderstandMistake)) throw error
    process.stderr.write(`${error.message}\n`)
    return exitCodes.refused
  }
}

interface Settings {
  vocabulary: UnderstandingVocabulary
  actor: UnderstandingActor
  place: HearingPlace
  today: Day
}

const options = {
  scheme: { type: 'string' },
  roster: { type: 'string', multiple: true },
  schools: { type: 'string', multiple: true },
  today: { type: 'string' },
  as: { type: 'string' },
  place: { type: 'string', default: 'private' },
} as const

async function readSettings(args: string[]): Promise<Settings> {
  const { values, tokens } = parseArgs({ args, options, allowPositionals: true, tokens: true })
  const files = filesOf(tokens)
  const today = values.today === undefined ? undefined : parseDay(values.today)
  const place = hearingPlaces.find((one) => one === values.place)
  for (const [name, value] of Object.entries({
    scheme: values.scheme,
    roster: files.roster[0],
    as: values.as,
  })) {
    if (value === undefined) throw new UnderstandMistake(text('understand-missing', { option: `--${name}` }))
  }
  if (today === undefined) throw new UnderstandMistake(text('understand-today'))
  if (place === undefined)
    throw new UnderstandMistake(text('understand-place', { permitted: hearingPlaces.join(', ') }))
  const scheme = readSchemeFile(values.scheme ?? '')
  const headers = readLocalHeaders()
  const known = await readRosters(files, { headers, scheme })
  if ('reason' in known) throw new UnderstandMistake(known.reason)
  return {
    vocabulary: readVocabulary(scheme, known),
    actor: readActor(values.as ?? '', known),
    place,
    today,
  }
}

type ArgumentToken = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** An option takes every file up to the next option, as in `space score`. */
function filesOf(tokens: readonly ArgumentToken[]): { roster: string[]; schools: string[] } {
  const files: { roster: string[]; schools: string[] } = { roster: [], schools: [] }
  let current: string[] | undefined
  for (const token of tokens) {
    if (token.kind === 'option') {
      current = token.name === 'roster' || token.name === 'schools' ? files[token.name] : undefined
      if (token.value !== undefined) current?.push(token.value)
    } else if (token.kind === 'positional') {
      if (!current) throw new UnderstandMistake(text('misuse-extra', { given: token.value }))
      current.push(token.value)
    }
  }
  return files
}

function take<T>(result: ConfigResult<T>): T {
  if (result.ok) return result.value
  throw new UnderstandMistake(
    result.problems.map((problem) => describeConfigProblem(problem, locale)).join('\n'),
  )
}

function readSchemeFile(given: string): Scheme {
  const file = findSchemeFile(given)
  if (!existsSync(file)) throw new UnderstandMistake(text('demo-no-scheme', { given }))
  return take(loadScheme(readFileSync(file, 'utf8'), file))
}

function readVocabulary(scheme: Scheme, { schools, members }: RosterFiles): UnderstandingVocabulary {
  const { files, problems } = readConfigFolder()
  take(problems.length ? { ok: false, problems } : { ok: true, value: undefined })
  const load = <T>(name: string, read: (text: string, file: string) => ConfigResult<T>) => {
    const found = files.find((one) => one.name === name)
    return take(read(found?.text ?? '', found?.file ?? `config/${name}`))
  }
  return buildVocabulary({
    scheme,
    calendar: load('calendar.yml', loadCalendar),
    schools,
    members,
    howTo: take(readHowTo(files.filter(({ name }) => name.startsWith('how-to/')))),
    words: load('words.yml', loadExtraWords),
  })
}

/** `administrator:ACCOUNT`, `teacher:ACCOUNT`, `town:NAME`, or a role that is tied to nothing. */
function readActor(given: string, { members, schools }: RosterFiles): UnderstandingActor {
  const [role = '', ...rest] = given.split(':')
  const name = rest.join(':')
  switch (role) {
    case 'staff':
    case 'support':
    case 'stranger':
      return { role }
    case 'town':
      return { role, town: name }
    case 'administrator':
    case 'teacher': {
      const member = members.find(({ account }) => account === name)
      if (!member) throw new UnderstandMistake(text('understand-account', { account: name }))
      const town = schools.find(({ code }) => code === member.school)?.town
      return { role, name: member.name, school: member.school, ...(town !== undefined && { town }) }
    }
    default:
      throw new UnderstandMistake(text('understand-as', { given }))
  }
}

/** Lines that begin with `> ` are what the same person said before the line that follows them. */
async function answerLines(settings: Settings): Promise<void> {
  let previous: Intent[] = []
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const before = line.startsWith('> ') ? line.slice(2) : undefined
    const { intents } = understand(before ?? line, {
      ...settings,
      previous,
      place: before !== undefined && settings.place === 'overheard' ? 'group' : settings.place,
    })
    if (before !== undefined) {
      previous = [...previous, ...intents]
      continue
    }
    previous = []
    // The schema puts the keys in their order.
    const written = intents.map((intent) => intentSchema.parse(intent))
    process.stdout.write(`${JSON.stringify({ text: line, intents: written })}\n`)
  }
}
