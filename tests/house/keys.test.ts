import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { languages, textsIn } from './locale-files'
import { pathsIn, root, walk } from './sources'

/**
 * Unions of which a key is asked for only a part, since the code before it excludes the rest. Texts of the key as it
 * stands in the code, and why.
 */
const narrowed: Record<string, string> = {
  'space-access.notice.${state}': 'an open request is not told',
  'published.${state}': 'only states in which results are public',
  'calendar.phase-${state}': 'phases that are over are left out',
  'retry.${waits.has(reason) ? reason : "other"}': 'the others share a text',
  'failed.${ends.has(reason) ? reason : "other"}': 'the others share a text',
}

/** Refusals that are never said by their code, and what is said instead. */
const unsaid: Record<string, string> = {
  'plugins/schemes changed-meanwhile': 'the new difference, once more with the question',
  'plugins/imports file': 'the refusal of the file that it wraps',
}

const { program, checker } = load()
const plugins = pathsIn('plugins').filter((path) => path.split('/').length === 2)
const keysOf = new Map(
  languages.map((language) => [
    language,
    new Map(plugins.map((plugin) => [plugin, [...textsIn(`${plugin}/locales`, language).keys()]])),
  ]),
)

const own = program.getSourceFiles().flatMap((tree) => {
  const path = tree.fileName.slice(root.length + 1)
  return /^(src|plugins)\//.test(path) && !tree.isDeclarationFile ? [{ tree, path }] : []
})
const templates = own.flatMap(({ tree, path }) => templatesIn(tree, path))
const refusals = own.flatMap(({ tree, path }) => refusalsIn(tree, path))

describe.each(languages)('%s', (language) => {
  const keys = keysOf.get(language) ?? new Map<string, string[]>()

  it('has a text for every value of a union that a key is made from', () => {
    expect(templates.flatMap((template) => missing(template, keys))).toEqual([])
  })

  it('has a text for every refusal that a plugin gives by its code', () => {
    const silent = refusals.filter(({ plugin, code }) => {
      if (Object.hasOwn(unsaid, `${plugin} ${code}`)) return false
      const said = ['plugins/access', plugin].flatMap((one) => keys.get(one) ?? [])
      return !said.some((key) => `.${key}`.endsWith(`.refusal.${code}`))
    })
    expect(silent.map(({ at, code }) => `${at} refusal.${code}`)).toEqual([])
  })
})

it('finds the keys that are made from unions, and the codes of refusals', () => {
  expect(templates.length).toBeGreaterThan(100)
  expect(refusals.length).toBeGreaterThan(70)
})

interface KeyTemplate {
  at: string
  plugin: string
  text: string
  /** What the template becomes with each value of its unions. */
  expanded: string[]
}

function missing({ at, plugin, text, expanded }: KeyTemplate, keys: ReadonlyMap<string, string[]>): string[] {
  if (Object.hasOwn(narrowed, text.replaceAll("'", '"').slice(1, -1))) return []
  const lackingIn = (one: string) => expanded.filter((key) => !(keys.get(one) ?? []).some(isKey(key, one)))
  const own = lackingIn(plugin)
  if (!own.length) return []
  // Some texts of the core stand in the plugin that shows them; what no plugin has at all is no locale key.
  const best = [own, ...plugins.map(lackingIn)].reduce((a, b) => (b.length < a.length ? b : a))
  return best.length < expanded.length ? best.map((key) => `${at} ${key}`) : []
}

/** Whether a key of a plugin's texts is the one asked for, whose beginning is often added further on. */
const isKey = (asked: string, plugin: string) => (key: string) => {
  const whole = `${plugin.replace('plugins/', 'space-')}.${key}`
  return `.${whole}`.endsWith(asked.startsWith('.') ? asked : `.${asked}`)
}

/** Templates that could be a key, made from nothing but unions of texts. */
function templatesIn(tree: ts.SourceFile, path: string): KeyTemplate[] {
  const found: KeyTemplate[] = []
  walk(tree, (node) => {
    if (!ts.isTemplateExpression(node)) return
    const literals = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]
    if (!literals.every((one) => /^[\w.-]*$/.test(one)) || !literals.some((one) => one.includes('.'))) return
    let expanded = [node.head.text]
    for (const { expression, literal } of node.templateSpans) {
      const values = valuesOf(expression)
      if (!values) return
      expanded = expanded.flatMap((head) => values.map((value) => `${head}${value}${literal.text}`))
    }
    found.push({ at: placeOf(node, path), plugin: pluginOf(path), text: node.getText(), expanded })
  })
  return found
}

/** Every value of an expression whose type is a union of literals. */
function valuesOf(expression: ts.Expression): string[] | undefined {
  const type = checker.getTypeAtLocation(expression)
  const known = checker.getBaseConstraintOfType(type) ?? type
  const given = (known.isUnion() ? known.types : [known]).filter(
    ({ flags }) => !(flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)),
  )
  const values = given.flatMap((one) =>
    one.isStringLiteral() || one.isNumberLiteral() ? [String(one.value)] : [],
  )
  return values.length === given.length ? values : undefined
}

/** Codes that stand in the calls which make a refusal. */
function refusalsIn(tree: ts.SourceFile, path: string) {
  const found: { at: string; plugin: string; code: string }[] = []
  walk(tree, (node) => {
    if (!ts.isCallExpression(node) || !/^(refused|refuseStep)$/.test(node.expression.getText())) return
    const code = node.arguments.find((one) => ts.isStringLiteral(one))
    if (code) found.push({ at: placeOf(node, path), plugin: pluginOf(path), code: code.text })
  })
  return found
}

function pluginOf(path: string): string {
  return `plugins/${path.split('/')[1]}`
}

function placeOf(node: ts.Node, path: string): string {
  const tree = node.getSourceFile()
  return `${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}

function load() {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined }
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), {}, host)
  const files = config?.fileNames.filter((file) => /^(src|plugins)\//.test(file.slice(root.length + 1))) ?? []
  const program = ts.createProgram(files, { ...config?.options, noEmit: true })
  return { program, checker: program.getTypeChecker() }
}
