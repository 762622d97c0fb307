import { readFileSync } from 'node:fs'
import type { Headers } from '@space-assistant/core/formats/headers'
import { defaultLimits } from '@space-assistant/core/formats/limits'
import { parseFile } from '@space-assistant/core/formats/parse'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { School } from '@space-assistant/core/roster/member'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { locale, text } from './text'

/** Schools and people of rosters and school tables, as far as they are known by name. */
export interface RosterFiles {
  schools: readonly Pick<School, 'code' | 'name' | 'town' | 'stage'>[]
  members: readonly { account: string; name: string; school: string }[]
}

const limits = { ...defaultLimits, bytes: Infinity, rows: Infinity, problems: Infinity }

/** Reads the files in the order given; a later one brings schools and people up to date. */
export async function readRosters(
  files: { roster: readonly string[]; schools: readonly string[] },
  { headers, scheme }: { headers: Headers; scheme: Scheme },
): Promise<RosterFiles | { reason: string }> {
  const schools = new Map<string, RosterFiles['schools'][number]>()
  const members = new Map<string, RosterFiles['members'][number]>()
  for (const kind of ['roster', 'schools'] as const) {
    for (const file of files[kind]) {
      const parsed = await parseFile(readFileSync(file), { kind, limits, headers, scheme })
      if (parsed.kind === 'roster') {
        for (const {
          schoolCode: code,
          schoolName: name,
          town,
          stage,
          account,
          name: person,
        } of parsed.rows) {
          schools.set(code, withKnown(schools.get(code), { code, name, town, stage }))
          members.set(account, { account, name: person, school: code })
        }
      } else if (parsed.kind === 'schools') {
        for (const row of parsed.rows) schools.set(row.code, withKnown(schools.get(row.code), row))
      } else {
        const reason = parsed.kind === 'refusal' ? describeRowProblem(parsed, locale) : parsed.kind
        return { reason: text('understand-file', { file, reason }) }
      }
    }
  }
  return { schools: [...schools.values()], members: [...members.values()] }
}

function withKnown(
  known: RosterFiles['schools'][number] | undefined,
  {
    code,
    name,
    town,
    stage,
  }: { code: string; name: string; town?: string | undefined; stage?: string | undefined },
): RosterFiles['schools'][number] {
  return {
    code,
    name,
    ...((town ?? known?.town) !== undefined && { town: town ?? known?.town ?? '' }),
    ...((stage ?? known?.stage) !== undefined && { stage: stage ?? known?.stage ?? '' }),
  }
}
