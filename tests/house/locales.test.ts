import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { languages, textsIn } from './locale-files'
import { pathsIn, root, sourcesIn, walk } from './sources'

const folders = ['src', 'plugins'].flatMap(pathsIn).filter((path) => basename(path) === 'locales')
const texts = new Map(
  folders.map((folder) => [folder, languages.map((language) => textsIn(folder, language))]),
)

describe.each(folders)('%s', (folder) => {
  const files = pathsIn(folder).map((path) => basename(path))
  const [chinese, english] = texts.get(folder)!

  it('has both languages or nothing yet, and no other', () => {
    if (files.length) expect([...files].sort()).toEqual(['en-US.json', 'zh-CN.json'])
  })

  it.each(files)('%s has no key twice, of which the first would be lost', (file) => {
    const text = readFileSync(join(root, folder, file), 'utf8')
    expect(text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0).toBe(keyCount(JSON.parse(text)))
  })

  it('has the same keys in both languages', () => {
    expect([...english!.keys()].sort()).toEqual([...chinese!.keys()].sort())
  })

  it('has the same placeholders in both languages', () => {
    const differing = [...chinese!].filter(([key, text]) => {
      return english!.has(key) && placeholders(text).join() !== placeholders(english!.get(key)!).join()
    })
    expect(differing.map(([key]) => key)).toEqual([])
  })
})

function keyCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce<number>((sum, each) => sum + keyCount(each), own)
}

it('every key that the code asks for is there', () => {
  const own = (plugin: string) => [...(texts.get(`plugins/${plugin}/locales`)?.[0]?.keys() ?? [])]
  const missing = sourcesIn('plugins').flatMap(({ path, tree }) =>
    keysIn(tree)
      .filter((asked) => {
        // A plugin may say a sentence of another one, whose name the key begins with.
        const plugin = /^space-([a-z]+)\./.exec(asked.key)?.[1] ?? path.split('/')[1]!
        return !own(plugin).some((key) => answers(key, asked) || answers(`space-${plugin}.${key}`, asked))
      })
      .map(({ key }) => `${path}: ${key}`),
  )
  expect(missing).toEqual([])
  // Every key against every text: some ten seconds, on a busy machine more.
}, 120_000)

it('every command says what it is for, where the framework lists them all', () => {
  const silent = pathsIn('plugins').flatMap((plugin) => {
    const path = join(root, plugin, 'words.json')
    if (!existsSync(path)) return []
    const { command, commands } = JSON.parse(readFileSync(path, 'utf8')) as {
      command?: string
      commands?: Record<string, string>
    }
    const said = texts.get(`${plugin}/locales`)?.[0]
    return [command ?? [], Object.values(commands ?? {})]
      .flat()
      .filter((name) => !said?.get(`commands.${name}.description`))
      .map((name) => `${plugin}: ${name}`)
  })
  expect(silent).toEqual([])
})

interface AskedKey {
  key: string
  /** The key goes on with something that is known only when the code runs. */
  open: boolean
}

/** Keys of `session.text`, `session.i18n` and `<i18n path>` calls that a reader of the code can see. */
function keysIn(tree: ts.SourceFile): AskedKey[] {
  const found: AskedKey[] = []
  walk(tree, (node) => {
    if (!ts.isCallExpression(node) || !/(^|\.)session!?\??\.(text|i18n)$/.test(node.expression.getText()))
      return
    for (const one of literals(node.arguments[0])) if (!one.key.startsWith('internal.')) found.push(one)
  })
  return found
}

function literals(node: ts.Node | undefined): AskedKey[] {
  if (!node) return []
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return [{ key: node.text, open: false }]
  if (ts.isTemplateExpression(node)) return node.head.text ? [{ key: node.head.text, open: true }] : []
  if (ts.isConditionalExpression(node)) return [...literals(node.whenTrue), ...literals(node.whenFalse)]
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(literals)
  return []
}

/** A key with a leading dot is below the command that runs, which a reader of one line does not know. */
function answers(key: string, { key: asked, open }: AskedKey): boolean {
  if (asked.startsWith('.')) return open ? key.includes(asked) : `.${key}`.endsWith(asked)
  return open ? key.startsWith(asked) : key === asked
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w[\w.]*\}/g) ?? [])].sort()
}
