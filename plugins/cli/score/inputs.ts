import { readFileSync } from 'node:fs'
import type { Headers } from '@space-assistant/core/formats/headers'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { parseFile } from '@space-assistant/core/formats/parse'
import type { ParseOptions } from '@space-assistant/core/formats/parse'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { FileKind, ParsedFile, Problem } from '@space-assistant/core/formats/rows'
import type { ConfigResult } from '@space-assistant/core/configuration/document'
import type { ConfigSource } from '@space-assistant/core/configuration/overlay'
import { describeConfigProblem as describeConfig } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Member, School } from '@space-assistant/core/roster/member'
import { findSchemeFile, readConfigPair } from '../config-files'
import { locale } from '../text'
import { fillScoreText, reasonOf, ScoreRefusal, refuseScore, words } from './words'

/** A problem of a row with the file it is in. */
export interface FileProblem extends Problem {
  file: string
}

/** Files given on the command line may be as large as they like. */
export const limits = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

/** The readers of configuration; a file's name is only for messages and for the scheme's id. */
export interface ConfigReaders {
  headers(base: ConfigSource | undefined, local: ConfigSource | undefined): Headers
  scheme(text: string, file: string): ConfigResult<Scheme>
}

export function readScheme(given: string, readers: ConfigReaders): Scheme {
  const file = findSchemeFile(given)
  const loaded = readers.scheme(readBytes(file).toString('utf8'), file)
  if (loaded.ok) return loaded.value
  const reason = loaded.problems.map((problem) => describeConfig(problem, locale)).join('\n')
  throw new ScoreRefusal(fillScoreText(words['bad-scheme'], { reason }), refuseScore)
}

export function readHeaders(readers: ConfigReaders): Headers {
  const { base, local } = readConfigPair('headers.yml')
  try {
    return readers.headers(base, local)
  } catch (error) {
    throw new ScoreRefusal(fillScoreText(words['bad-headers'], { reason: reasonOf(error) }), refuseScore)
  }
}

export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new ScoreRefusal(fillScoreText(words.unreadable, { file, reason: reasonOf(error) }), refuseScore)
  }
}

/** A file through the general reader; refused ones end the command with their sentence. */
export async function readTable<K extends FileKind>(
  file: string,
  kind: K,
  options: Omit<ParseOptions, 'kind'>,
): Promise<Extract<ParsedFile, { kind: K }>> {
  const parsed = await parseFile(readBytes(file), { limits, ...options, kind })
  if (isOf(parsed, kind)) return parsed
  const reason = parsed.kind === 'refusal' ? describeRowProblem(parsed, locale) : parsed.kind
  throw new ScoreRefusal(fillScoreText(words.refused, { file, reason }), refuseScore)
}

function isOf<K extends FileKind>(
  file: Awaited<ReturnType<typeof parseFile>>,
  kind: K,
): file is Extract<ParsedFile, { kind: K }> {
  return file.kind === kind
}

/** Everybody in some rosters, and their schools. */
export interface ScoredPeople {
  members: Member[]
  schools: School[]
}

/** Rosters and school tables in the order given; a later file brings members and schools up to date. */
export async function readPeople(
  files: { roster: readonly string[]; schools: readonly string[] },
  options: { scheme: Scheme; headers: Headers },
  problems: FileProblem[],
): Promise<ScoredPeople> {
  const schools = new Map<string, School>()
  const members = new Map<string, Member>()
  for (const file of files.roster) {
    const parsed = await readTable(file, 'roster', options)
    for (const problem of parsed.problems) problems.push({ ...problem, file })
    for (const row of parsed.rows) {
      const { account, name, schoolCode: school, schoolName, town, stage, roles } = row
      const state = row.state ?? members.get(account)?.state ?? 'active'
      const known = schools.get(school)
      const isSame =
        known?.name === schoolName && (!town || known.town === town) && (!stage || known.stage === stage)
      if (!isSame) putSchool(schools, { code: school, name: schoolName, town, stage })
      members.set(account, { account, name, school, roles, state })
    }
  }
  for (const file of files.schools) {
    const parsed = await readTable(file, 'schools', options)
    for (const problem of parsed.problems) problems.push({ ...problem, file })
    for (const row of parsed.rows) putSchool(schools, row)
  }
  return { members: [...members.values()], schools: [...schools.values()] }
}

interface SchoolWords {
  code: string
  name: string
  town?: string | undefined
  stage?: string | undefined
}

/** What a file does not say of a school stays as it is. */
function putSchool(schools: Map<string, School>, { code, name, town, stage }: SchoolWords): void {
  const known = schools.get(code)
  schools.set(code, {
    ...known,
    code,
    name,
    ...(town !== undefined && { town }),
    ...(stage !== undefined && { stage }),
  })
}
