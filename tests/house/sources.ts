import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

export const root = resolve(import.meta.dirname, '../..')

export interface Import {
  from: string
  /** Nothing of it is left when the code runs. */
  typeOnly: boolean
}

/** One TypeScript file, with its path from the project's folder. */
export interface SourceFile {
  path: string
  text: string
  imports: Import[]
  tree: ts.SourceFile
}

const built = /(^|\/)(lib|dist|node_modules)(\/|$)/

/** All paths below a folder that hold no built or installed files. */
export function pathsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => !built.test(path))
}

export function sourcesIn(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    pathsIn(folder)
      .filter((path) => /\.m?ts$/.test(path))
      .map(parse),
  )
}

function parse(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const imports: Import[] = []
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node)) {
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      imports.push({ from: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly })
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      imports.push({ from: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly: node.isTypeOnly })
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imports.push({ from: (node.argument.literal as ts.StringLiteral).text, typeOnly: true })
    } else if (ts.isCallExpression(node) && isLoading(node.expression)) {
      const [name] = node.arguments
      if (name && ts.isStringLiteral(name)) imports.push({ from: name.text, typeOnly: false })
    }
  })
  return { path, text, imports, tree }
}

function isLoading(expression: ts.Expression): boolean {
  return expression.kind === ts.SyntaxKind.ImportKeyword || expression.getText() === 'require'
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  node.forEachChild((child) => walk(child, visit))
}

/** The project file that an import names, another plugin's entry too, or undefined for a package. */
export function targetOf(file: SourceFile, { from }: Import, known: ReadonlySet<string>): string | undefined {
  const core = /^@space-assistant\/core\/(.+)$/.exec(from)
  const plugin = /^koishi-plugin-space-([a-z]+)$/.exec(from)
  if (plugin) return `plugins/${plugin[1]}/index.ts`
  const base = core ? `src/${core[1]}` : from.startsWith('.') ? join(dirname(file.path), from) : undefined
  if (base === undefined) return
  return [base, `${base}.ts`, `${base}/index.ts`].find((path) => known.has(path)) ?? relative('', base)
}
