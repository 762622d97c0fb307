// The mutants of a source file: one small change each that a test should notice.
import ts from 'typescript'

const swaps = new Map([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
])

/** Lines for whoever looks after the bot; no test reads them. */
const logged = /^(this\.)?(#?log(ger)?|ctx\.logger)\b/

/** `{ at, from, to, text }`: the characters from..to become text; `at` is path:line. */
export function mutantsOf(path, source) {
  const tree = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true)
  const found = []
  const add = (node, text, from = node.getStart(), to = node.getEnd()) => {
    const { line } = tree.getLineAndCharacterOfPosition(from)
    found.push({ path, at: `${path}:${line + 1}`, from, to, text, was: source.slice(from, to) })
  }
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return
    if (ts.isExpressionStatement(node) && logged.test(node.expression.getText())) return
    mutate(node, add)
    node.forEachChild(visit)
  }
  visit(tree)
  return found
}

function mutate(node, add) {
  if (ts.isBinaryExpression(node)) {
    const { operatorToken, left, right } = node
    const swap = swaps.get(operatorToken.kind)
    if (swap && !(operatorToken.kind === ts.SyntaxKind.PlusToken && [left, right].some(isText)))
      add(operatorToken, swap)
  } else if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
    const guard = node.expression ?? node.condition
    if (!ts.isBinaryExpression(guard)) add(guard, `!(${guard.getText()})`)
  } else if (ts.isExpressionStatement(node)) {
    const called = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression
    if (ts.isCallExpression(called) && called.expression.kind !== ts.SyntaxKind.SuperKeyword) add(node, ';')
  } else if (ts.isReturnStatement(node) && isGuarded(node)) {
    add(node, ';')
  } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
    add(node, node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true')
  } else if (ts.isAwaitExpression(node) && !ts.isExpressionStatement(node.parent)) {
    add(node, node.expression.getText())
  }
}

const isText = (node) =>
  ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)

function isGuarded({ parent }) {
  return ts.isIfStatement(parent) || (ts.isBlock(parent) && ts.isIfStatement(parent.parent))
}

/** The paths that a file imports, for TypeScript files of this project. */
export function importsOf(source) {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName)
}
