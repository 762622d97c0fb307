import { isMap, LineCounter, parseDocument } from 'yaml'
import type { Document, YAMLError } from 'yaml'
import * as z from 'zod'
import { permittedAt } from './permitted'
import type { Permitted } from './permitted'

/** A mistake in a file of `config/`: where it is, what was found and what is permitted. */
export interface ConfigProblem {
  file: string
  /** As staff read it: `indicators[3].cap.per`; empty for the file as a whole. */
  path: string
  /** 1-based line of the file, where it is known. */
  line?: number | undefined
  code: string
  params: Record<string, string | number>
  permitted?: Permitted | undefined
}

export type ConfigResult<T> = { ok: true; value: T } | { ok: false; problems: ConfigProblem[] }

export type ConfigPath = readonly (string | number)[]

/** One yml text that was read, with the lines of its parts. */
export interface ConfigText {
  file: string
  data: unknown
  lineAt(path: ConfigPath): number | undefined
}

/** Writes a path as staff read it: `['indicators', 3, 'cap']` is `indicators[3].cap`. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text ? `${text}.${part}` : part
  }, '')
}

/** One yml text as the tree of its nodes. */
export interface ConfigDocument {
  document: Document.Parsed
  lines: LineCounter
}

/**
 * Reads YAML 1.2 as far as its syntax goes. Another encoding, tabs, keys given twice and the first mistake in writing
 * are problems, with their line.
 */
export function readDocument(text: string, file: string): ConfigResult<ConfigDocument> {
  const source = text.replace(/^\uFEFF/, '')
  // What bytes of another encoding, such as that of an old editor, are read as.
  if (/[\uFFFD\0]/.test(source))
    return { ok: false, problems: [{ file, path: '', code: 'encoding', params: {} }] }
  const tabs = source.split('\n').flatMap((line, index) => (line.includes('\t') ? [index + 1] : []))
  if (tabs.length) {
    const problems = tabs.map((line) => ({ file, path: '', line, code: 'tab', params: {} }))
    return { ok: false, problems }
  }
  const lines = new LineCounter()
  const document = parseDocument(source, {
    version: '1.2',
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  })
  // What the parser finds behind a mistake in writing mostly follows from it.
  const first = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY')
  const errors = document.errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY')
  if (errors.length) {
    return { ok: false, problems: errors.map((error) => syntaxProblem({ error, source, file, lines })) }
  }
  return { ok: true, value: { document, lines } }
}

/** Reads YAML 1.2 into data. */
export function readYaml(text: string, file: string): ConfigResult<ConfigText> {
  const read = readDocument(text, file)
  if (!read.ok) return read
  const { document, lines } = read.value
  const lineAt = (path: ConfigPath) => {
    const offset = offsetAt(document, path)
    return offset === undefined ? undefined : lines.linePos(offset).line
  }
  // Aliases that unfold to absurd sizes are refused by the reader with an error.
  try {
    return { ok: true, value: { file, data: document.toJS({ maxAliasCount: 100 }) as unknown, lineAt } }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { ok: false, problems: [{ file, path: '', code: 'syntax', params: { detail } }] }
  }
}

function syntaxProblem(from: {
  error: YAMLError
  source: string
  file: string
  lines: LineCounter
}): ConfigProblem {
  const { error, source, file, lines } = from
  const offset = Math.min(error.pos[0], source.length)
  const { line } = lines.linePos(offset)
  const problem = { file, path: '', line }
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\n:]*/.exec(source.slice(offset))?.[0].trim() ?? ''
    return { ...problem, code: 'duplicate-key', params: { given: key } }
  }
  // U+FF1A, the colon of Chinese input methods, makes of a key and its value one plain text.
  if (/^[^:#"']*\uFF1A[^:]*$/.test(source.split('\n')[line - 1] ?? '')) {
    return { ...problem, code: 'wide-colon', params: {} }
  }
  // U+FF0C, the comma of Chinese input methods, does not part what stands in braces.
  if (/[{[][^}\]]*\uFF0C/.test(source.split('\n')[line - 1] ?? '')) {
    return { ...problem, code: 'wide-comma', params: {} }
  }
  return { ...problem, code: 'syntax', params: { detail: error.message } }
}

/** Offset of the key or node at a path, or of the nearest part around it that exists. */
function offsetAt(document: Document, path: ConfigPath): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const last = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => String(key) === String(last))
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range
      if (range) return range[0]
    }
    const node = document.getIn(path.slice(0, length), true) as
      { range?: [number, number, number] } | undefined
    if (node?.range) return node.range[0]
  }
  return undefined
}

/** Checks what was read against a schema without transforms; all problems, not only the first. */
export function checkShape<S extends z.ZodType>(text: ConfigText, schema: S): ConfigResult<z.infer<S>> {
  const result = schema.safeParse(text.data, { reportInput: true })
  if (result.success) return { ok: true, value: result.data }
  const root = z.toJSONSchema(schema, { io: 'input' })
  const problems = result.error.issues.flatMap((issue) => shapeProblems(issue, { text, root, base: [] }))
  return { ok: false, problems }
}

interface ShapeContext {
  text: ConfigText
  root: z.core.JSONSchema.BaseSchema
  base: ConfigPath
}

function shapeProblems(issue: z.core.$ZodIssue, context: ShapeContext): ConfigProblem[] {
  const { text, root, base } = context
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))]
  const at = (full: ConfigPath) => ({ file: text.file, path: formatPath(full), line: text.lineAt(full) })
  switch (issue.code) {
    case 'unrecognized_keys': {
      const permitted = permittedAt(root, path)
      return issue.keys.map((given) => ({
        ...at([...path, given]),
        code: 'unknown-key',
        params: { given },
        permitted,
      }))
    }
    case 'invalid_union': {
      // The variant that the author meant is the one that got past the outermost type.
      const branch = issue.errors.find((errors) => errors.some((error) => error.path.length > 0))
      if (branch) return branch.flatMap((error) => shapeProblems(error, { ...context, base: path }))
      return [{ ...at(path), ...wrong(valueAt(text.data, path)), permitted: permittedAt(root, path) }]
    }
    default:
      return [{ ...at(path), ...wrong(valueAt(text.data, path)), permitted: permittedAt(root, path) }]
  }
}

function wrong(given: unknown): Pick<ConfigProblem, 'code' | 'params'> {
  if (given === undefined || given === null) return { code: 'missing', params: {} }
  return { code: 'not-permitted', params: { given: showValue(given) } }
}

/** A value as it is quoted in a message: JSON, cut to 80 characters. */
export function showValue(value: unknown): string {
  const json = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return json.length > 80 ? `${json.slice(0, 79)}…` : json
}

function valueAt(data: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    data,
  )
}

/** Reads and checks one yml text. The schema must not transform; the value is what the file says. */
export function readConfig<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): ConfigResult<{ value: z.infer<S>; text: ConfigText }> {
  const read = readYaml(text, file)
  if (!read.ok) return read
  const checked = checkShape(read.value, schema)
  return checked.ok ? { ok: true, value: { value: checked.value, text: read.value } } : checked
}
