import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import type { Headers } from '@space-assistant/core/formats/headers'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { parseFile } from '@space-assistant/core/formats/parse'
import type { ParseOptions } from '@space-assistant/core/formats/parse'
import { describeProblem } from '@space-assistant/core/formats/problems'
import type { FileKind, ParsedFile, Problem } from '@space-assistant/core/formats/rows'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeProblem as describeConfig } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Member, School } from '@space-assistant/core/scoring/member'
import { root } from '../house'
import { locale } from '../text'
import { fill, reasonOf, Refusal, refused, words } from './words'

/** A problem of a row with the file it is in. */
export interface FileProblem extends Problem {
  file: string
}

/** Files given on the command line may be as large as they like. */
export const limits = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

export function readScheme(file: string): Scheme {
  const loaded = loadScheme(readBytes(file).toString('utf8'), file)
  if (loaded.ok) return loaded.value
  const reason = loaded.problems.map((problem) => describeConfig(problem, locale)).join('\n')
  throw new Refusal(fill(words['bad-scheme'], { reason }), refused)
}

export function readHeaders(): Headers {
  const file = resolve(root, 'config/headers.yml')
  const text = readBytes(file).toString('utf8')
  try {
    return parseHeaders(text, file)
  } catch (error) {
    throw new Refusal(fill(words['bad-headers'], { reason: reasonOf(error) }), refused)
  }
}

export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Refusal(fill(words.unreadable, { file, reason: reasonOf(error) }), refused)
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
  const reason = parsed.kind === 'refusal' ? describeProblem(parsed, locale) : parsed.kind
  throw new Refusal(fill(words.refused, { file, reason }), refused)
}

function isOf<K extends FileKind>(
  file: Awaited<ReturnType<typeof parseFile>>,
  kind: K,
): file is Extract<ParsedFile, { kind: K }> {
  return file.kind === kind
}

export interface People {
  members: Member[]
  schools: School[]
}

/** Rosters and school tables in the order given; a later file brings members up to date. */
export async function readPeople(
  files: { roster: readonly string[]; schools: readonly string[] },
  options: { scheme: Scheme; headers: Headers },
  problems: FileProblem[],
): Promise<People> {
  const members = new Map<string, Member>()
  const schools = new Map<string, School>()
  const name = (code: string, school: Partial<School>) => {
    const known = schools.get(code) ?? { code, name: code }
    schools.set(code, { ...known, ...defined(school) })
  }
  for (const file of files.roster) {
    const parsed = await readTable(file, 'roster', options)
    for (const problem of parsed.problems) problems.push({ ...problem, file })
    for (const {
      schoolCode,
      schoolName,
      town,
      stage,
      account,
      name: own,
      roles,
      state,
      ...rest
    } of parsed.rows) {
      if (!isSame(schools.get(schoolCode), schoolName, town, stage)) {
        name(schoolCode, { name: schoolName, town, stage })
      }
      const { subject, opened } = rest
      members.set(account, {
        account,
        name: own,
        school: schoolCode,
        roles,
        state,
        ...defined({ subject, opened }),
      })
    }
  }
  for (const file of files.schools) {
    const parsed = await readTable(file, 'schools', options)
    for (const problem of parsed.problems) problems.push({ ...problem, file })
    for (const { code, name: own, town, stage, ...counts } of parsed.rows) {
      const { students, studentsOpened, studentsTookPart } = counts
      name(code, { name: own, town, stage, students, studentsOpened, studentsTookPart })
    }
  }
  return { members: [...members.values()], schools: [...schools.values()] }
}

function isSame(school: School | undefined, name: string, town?: string, stage?: string): boolean {
  return school?.name === name && (!town || school.town === town) && (!stage || school.stage === stage)
}

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T
}
