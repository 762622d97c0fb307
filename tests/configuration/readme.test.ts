import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { neededColumns } from '@space-assistant/core/formats/header-kind'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { fileKinds } from '@space-assistant/core/formats/rows'
import type { FileKind } from '@space-assistant/core/formats/rows'
import { readSettingNames } from '@space-assistant/core/configuration/environment'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(resolve(path), 'utf8')
const page = read('README.md')
const example = readSettingNames(read('.env.example'))

function section(title: string): string {
  const from = page.indexOf(`\n## ${title}\n`)
  expect(from, title).toBeGreaterThan(0)
  return page.slice(from, page.indexOf('\n## ', from + 1))
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(resolve(folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|cjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/node_modules|\/(lib|dist|page)\//.test(path))
    .map((path) => readFileSync(path, 'utf8'))
}

/** Names of settings that koishi.yml or the code asks for. */
const asked = new Set(
  [read('koishi.yml'), ...sourcesBelow('plugins'), ...sourcesBelow('src')].flatMap((text) =>
    [...text.matchAll(/(?:env\.|env\[|settings\[|setting\()['"]?([A-Z][A-Z0-9_]+)\b/g)].map(
      ([, name = '']) => name,
    ),
  ),
)
/** Those of the system, of Node and for whoever looks for a fault: nobody sets them in .env. */
const others = /^(SPACE_[A-Z]+|TZ|USER|HOME|PATH|NODE_[A-Z]+)$/

describe('the settings', () => {
  it('of the README are those of .env.example', () => {
    const rows = [...section('设置').matchAll(/^\| ((?:`[A-Z0-9_]+` ?)+)\|/gm)]
    const named = rows.flatMap(([, cell = '']) => cell.match(/[A-Z][A-Z0-9_]+/g) ?? [])
    expect(named.length).toBeGreaterThan(20)
    expect([...named].sort()).toEqual([...example].sort())
  })

  it('that are asked for are all explained, and no other', () => {
    expect([...asked].filter((name) => !example.includes(name) && !others.test(name))).toEqual([])
    expect(example.filter((name) => !asked.has(name))).toEqual([])
  })
})

describe('the columns in the README', () => {
  const headers = parseHeaders(read('config/headers.yml'), 'config/headers.yml')
  const titles: Record<FileKind, string> = {
    roster: '人员名册',
    schools: '学校表',
    records: '行为明细',
    snapshot: '平台报表',
  }

  it.each(fileKinds)('of %s are those that are read, and which of them a file must have', (kind) => {
    const text = section('表格的列')
    const from = text.indexOf(`**${titles[kind]}**`)
    const rows = [
      ...text
        .slice(from)
        .split('\n\n**')[0]!
        .matchAll(/^\| ([^|]+) \| (必须|二选一|可以没有) \|/gm),
    ]
    expect(rows.map(([, name]) => name)).toEqual([...headers.names[kind].values()])
    const needed = neededColumns.find(([one]) => one === kind)?.[1] ?? []
    const wordOf = (column: Parameters<(typeof headers.names)[FileKind]['get']>[0]) =>
      headers.names[kind].get(column)
    const marked = (mark: string) => rows.filter((row) => row[2] === mark).map(([, name]) => name)
    expect(marked('必须')).toEqual(needed.flatMap((one) => (Array.isArray(one) ? [] : [wordOf(one)])))
    expect(marked('二选一')).toEqual(needed.flatMap((one) => (Array.isArray(one) ? one.map(wordOf) : [])))
  })
})

describe('the English README', () => {
  const english = read('docs/README.en.md')
  const headings = (text: string) => [...text.matchAll(/^(#{2,3}) /gm)].map(([, marks]) => marks)
  const blocks = (text: string) =>
    [...text.matchAll(/^```(?:bash|ini|text)\n[\s\S]*?\n```$/gm)].map(([block]) =>
      block.replace(/ +#.*$/gm, ''),
    )

  it('has the sections of the Chinese one, in its order', () => {
    expect(headings(english)).toEqual(headings(page))
  })

  it('has its commands, settings and subcommands', () => {
    expect(blocks(english)).toEqual(blocks(page))
    const commands = (text: string) =>
      [...text.matchAll(/^npx space ([a-z-]+)(?= |$)/gm)].map(([, name]) => name)
    expect(commands(english)).toEqual(commands(page))
    for (const name of example) expect(english).toContain(`\`${name}\``)
  })
})
