import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { recordsCsv } from '@space-assistant/core/demo/csv'
import { demoWindow } from '@space-assistant/core/demo/activity'
import { makeDistrict } from '@space-assistant/core/demo/district'
import * as exports from '@space-assistant/core/demo/exports'
import type { DemoFile } from '@space-assistant/core/demo/exports'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeConfigProblem } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { findSchemeFile } from './config-files'
import { root } from './house'
import { text } from './text'

const schemeName = /^[\w-]+$/

/** `space demo --files DIR [--scheme ID]`: the made-up district's exports as files, to try imports and scores with. */
export async function writeDemoFiles(folder: string, schemeId: string): Promise<number> {
  const scheme = readScheme(schemeId)
  if (typeof scheme === 'string') {
    process.stderr.write(`${scheme}\n`)
    return 1
  }
  mkdirSync(folder, { recursive: true })
  for await (const { name, bytes } of filesOf(scheme)) {
    const path = resolve(folder, name)
    writeFileSync(path, bytes)
    process.stdout.write(`${path}\n`)
  }
  return 0
}

function readScheme(id: string): Scheme | string {
  if (!schemeName.test(id)) return text('demo-no-scheme', { given: id })
  const path = findSchemeFile(id)
  const file = relative(root, path)
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch {
    return text('demo-no-scheme', { given: id })
  }
  const loaded = loadScheme(content, file)
  return loaded.ok
    ? loaded.value
    : loaded.problems.map((one) => describeConfigProblem(one, 'zh-CN')).join('\n')
}

async function* filesOf(scheme: Scheme): AsyncGenerator<Pick<DemoFile, 'name' | 'bytes'>> {
  const district = makeDistrict()
  const window = demoWindow(scheme)
  const week = { from: window.to - 6, to: window.to }
  const codes = (from: number, to: number) => district.schools.slice(from, to).map(({ code }) => code)
  yield await exports.rosterExport(district)
  yield exports.schoolsExport(district)
  const records = [...recordsCsv(district, scheme, { window })].join('')
  yield { name: text('demo-records'), bytes: Buffer.from(records) }
  yield await exports.recordsExport(district, scheme, { window: week, schools: codes(4, 6) })
  yield exports.oldRecordsExport(district, scheme, { window: week, schools: codes(8, 9) })
}
