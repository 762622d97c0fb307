import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { pathsIn, root, sourcesIn, targetOf, walk } from './sources'
import type { SourceFile } from './sources'

const order = [
  'text',
  'configuration',
  'calendar',
  'scheme',
  'roster',
  'formats',
  'scoring',
  'pipeline',
  'ranking',
  'tasks',
  'phases',
  'nudges',
  'access',
  'tickets',
  'howto',
  'understanding',
  'awards',
  'bulletins',
  'pictures',
  'documents',
  'delivery',
  'office',
  'storage',
  'demo',
]

/** Exported names that may stand in more than one file; a reader searches for a word and finds one thing. */
const SHARED_NAMES = 5

const core = sourcesIn('src')
const plugins = sourcesIn('plugins')
const known = new Set([...core, ...plugins].map(({ path }) => path))
const folderOf = (path: string) => path.split('/')[1]!

describe('the core', () => {
  it('has the folders of the order in which data flows, and no files beside them', () => {
    expect(core.filter(({ path }) => !order.includes(folderOf(path))).map(({ path }) => path)).toEqual([])
  })

  it('imports only from the same or an earlier folder', () => {
    const wrong = edges(core).filter(([from, to]) => {
      return !to.startsWith('src/') || order.indexOf(folderOf(to)) > order.indexOf(folderOf(from))
    })
    expect(wrong).toEqual([])
  })

  it('imports its own files relatively', () => {
    expect(importsOf(core, /^@space-assistant\//)).toEqual([])
  })

  it('knows neither koishi nor a module of Node that has effects', () => {
    const effects =
      /^(node:)?(fs|child_process|cluster|dgram|dns|http|http2|https|inspector|net|os|process|readline|repl|tls|worker_threads)(\/|$)/
    expect(importsOf(core, /^(@?koishi|@satorijs|minato|@minatojs|node-cron|koishi-plugin|ws$)/)).toEqual([])
    expect(importsOf(core, effects)).toEqual([])
  })

  it('reads no clock, no chance, no environment, and waits only to let others run', () => {
    expect(core.flatMap(effectsIn)).toEqual([])
  })

  it('keeps no state in a module, but for what costs much to look up and is the same for everybody', () => {
    const memos = [
      'src/ranking/question-suggest.ts forms',
      'src/tickets/likeness.ts readings',
      'src/understanding/lexing/sounds.ts syllables',
      'src/understanding/lexing/sounds.ts foldedSyllables',
    ]
    expect(core.flatMap(stateIn).filter((one) => !memos.includes(one))).toEqual([])
  })

  it('has no import of the demo from anywhere else in the core', () => {
    expect(
      edges(core).filter(([from, to]) => to.startsWith('src/demo/') && !from.startsWith('src/demo/')),
    ).toEqual([])
  })
})

describe('the plugins', () => {
  // Both drivers bring the leases of the contract that they implement.
  const bring = ['plugins/sqlite/index.ts', 'plugins/mysql/index.ts'].map(
    (path) => `${path} -> koishi-plugin-space-database`,
  )

  it('name each other only by import type', () => {
    const named = plugins.flatMap((file) => {
      const own = `koishi-plugin-space-${folderOf(file.path)}`
      return file.imports
        .filter(({ from, typeOnly }) => from.startsWith('koishi-plugin-space-') && from !== own && !typeOnly)
        .map(({ from }) => `${file.path} -> ${from}`)
    })
    expect(named.filter((one) => !bring.includes(one))).toEqual([])
    const relative = plugins.map((file) => ({
      ...file,
      imports: file.imports.filter(({ from }) => from.startsWith('.')),
    }))
    const across = edges(relative).filter(([from, to]) => folderOf(to) !== folderOf(from))
    expect(across).toEqual([])
  })

  it('use of the demo generator only in demo and cli', () => {
    const users = edges(plugins).filter(([, to]) => to.startsWith('src/demo/'))
    expect(users.filter(([from]) => !['demo', 'cli'].includes(folderOf(from)))).toEqual([])
  })

  it('have the package name of their folder and both ways to be loaded', () => {
    for (const folder of new Set(plugins.map(({ path }) => folderOf(path)))) {
      const manifest = JSON.parse(readFileSync(join(root, 'plugins', folder, 'package.json'), 'utf8')) as {
        name: string
        private: boolean
        exports: Record<string, Record<string, string>>
      }
      expect(manifest.name).toBe(`koishi-plugin-space-${folder}`)
      expect(manifest.private).toBe(true)
      const { development, default: production } = manifest.exports['.']!
      expect(existsSync(join(root, 'plugins', folder, development!)), `${folder}: ${development}`).toBe(true)
      expect(production).toBe(development!.replace('./', './lib/').replace(/\.ts$/, '.js'))
    }
  })
})

describe('the whole house', () => {
  it('has no cycle of imports, type imports included', () => {
    expect(cycles(edges([...core, ...plugins]))).toEqual([])
  })

  it('has no cycle of packages, type imports included', () => {
    const packages = edges([...core, ...plugins])
      .map(
        ([from, to]) => [from, to].map((path) => path.split('/').slice(0, 2).join('/')) as [string, string],
      )
      .filter(([from, to]) => from !== to)
    expect(cycles(packages)).toEqual([])
  })

  it('exports a name from one file only, but for a few and the entry points of a convention', () => {
    const entry = /^(name|inject|apply|Config|usage|run|defineTables|reusable)$/
    const files = new Map<string, Set<string>>()
    for (const file of [...core, ...plugins]) {
      for (const word of exportsOf(file).filter((word) => !entry.test(word))) {
        files.set(word, (files.get(word) ?? new Set()).add(file.path))
      }
    }
    const shared = [...files].filter(([, paths]) => paths.size > 1)
    const listed = shared.map(([word, paths]) => `${word}: ${[...paths].join(', ')}`)
    expect(listed.length, listed.join('\n')).toBeLessThanOrEqual(SHARED_NAMES)
  })

  it('has no file or folder without a subject', () => {
    const empty = /^(utils?|helpers?|common|misc|shared|lib|types|constants|interfaces)(\.\w+)*$/
    const all = ['src', 'plugins', 'tests'].flatMap(pathsIn)
    expect(all.filter((path) => empty.test(basename(path)))).toEqual([])
  })

  it('has no index.ts that only re-exports', () => {
    const only = [...core, ...plugins].filter(({ path, tree }) => {
      return basename(path) === 'index.ts' && tree.statements.every((one) => ts.isExportDeclaration(one))
    })
    expect(only.map(({ path }) => path)).toEqual([])
  })

  it('keeps the words of users out of the code', () => {
    const chinese = /[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]/
    const found = [...core, ...plugins].flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (chinese.test(line) ? [`${path}:${index + 1}`] : [])),
    )
    expect(found).toEqual([])
  })

  it('keeps files short: half of them up to 130 lines, nine of ten up to 300, none over 400', () => {
    const lengths = [...core, ...plugins]
      .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
      .sort((a, b) => b.lines - a.lines)
    const longest = lengths.slice(0, 8).map(({ path, lines }) => `${lines} ${path}`)
    const share = (part: number) => lengths[Math.floor(lengths.length * (1 - part))]!.lines
    expect(lengths[0]!.lines, longest.join('\n')).toBeLessThanOrEqual(400)
    expect(share(0.9), longest.join('\n')).toBeLessThanOrEqual(300)
    expect(share(0.5), longest.join('\n')).toBeLessThanOrEqual(130)
  })

  it('has only what belongs there at the top level', () => {
    const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n')
    const visible = readdirSync(root).filter((name) => !name.startsWith('.') && !ignored.includes(`${name}/`))
    const files = [
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'SECURITY.md',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'koishi.yml',
    ]
    const folders = ['config', 'src', 'plugins', 'tests', 'docs']
    expect(visible.filter((name) => ![...files, ...folders].includes(name))).toEqual([])
  })
})

function importsOf(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter(({ from }) => pattern.test(from)).map(({ from }) => `${path} -> ${from}`),
  )
}

function edges(files: readonly SourceFile[]): [from: string, to: string][] {
  return files.flatMap((file) =>
    file.imports.flatMap((one): [string, string][] => {
      const to = targetOf(file, one, known)
      return to === undefined ? [] : [[file.path, to]]
    }),
  )
}

/** Names of what a file declares and exports itself. */
function exportsOf({ tree }: SourceFile): string[] {
  return tree.statements.flatMap((one) => {
    const exported =
      ts.canHaveModifiers(one) &&
      ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
    if (!exported) return []
    if (ts.isVariableStatement(one)) return one.declarationList.declarations.map(({ name }) => name.getText())
    const { name } = one as { name?: ts.Node }
    return name && !ts.isModuleDeclaration(one) ? [name.getText()] : []
  })
}

function effectsIn({ path, tree }: SourceFile): string[] {
  const found: string[] = []
  const note = (node: ts.Node) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart())
    found.push(`${path}:${line + 1} ${node.getText().slice(0, 60)}`)
  }
  const called = /^(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|fetch|console\.\w+)$/
  walk(tree, (node) => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
      note(node)
    if (ts.isCallExpression(node) && called.test(node.expression.getText())) note(node)
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'process') note(node)
  })
  return found
}

/** Variables of a module that can be assigned, or whose content some function changes. */
function stateIn({ path, tree }: SourceFile): string[] {
  const declared = tree.statements.flatMap((one) => {
    if (!ts.isVariableStatement(one)) return []
    const isConst = (one.declarationList.flags & ts.NodeFlags.Const) !== 0
    return one.declarationList.declarations.map(({ name }) => ({ name: name.getText(), isConst }))
  })
  const changed = new Set<string>()
  const changes = /^(set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/
  const note = (node: ts.Node) => {
    if (isInFunction(node)) changed.add(node.getText())
  }
  walk(tree, (node) => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression
      if (changes.test(name.text) && ts.isIdentifier(expression)) note(expression)
    }
    if (!ts.isBinaryExpression(node)) return
    const { kind } = node.operatorToken
    if (kind < ts.SyntaxKind.FirstAssignment || kind > ts.SyntaxKind.LastAssignment) return
    const { left } = node
    if (ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left)) note(left.expression)
  })
  return declared
    .filter(({ name, isConst }) => !isConst || changed.has(name))
    .map(({ name }) => `${path} ${name}`)
}

function isInFunction(node: ts.Node): boolean {
  for (let at = node.parent; at as ts.Node | undefined; at = at.parent) if (ts.isFunctionLike(at)) return true
  return false
}

/** Every cycle once, as the list of files that it leads through. */
function cycles(all: readonly (readonly [string, string])[]): string[] {
  const next = new Map<string, string[]>()
  for (const [from, to] of all) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path)
    if (at >= 0) found.push([...trail.slice(at), path].join(' -> '))
    if (at >= 0 || done.has(path)) return
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return found
}
