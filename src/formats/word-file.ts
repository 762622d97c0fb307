import { isMap, isScalar, isSeq } from 'yaml'
import type { Node } from 'yaml'
import { readDocument, showValue } from '../configuration/document'
import type { ConfigDocument, ConfigProblem } from '../configuration/document'
import type { Permitted } from '../configuration/permitted'
import { ConfigError } from '../scheme/problem'
import { valueKey } from '../text/normalise'

/** A word of the file with its place. */
export interface HeaderWord {
  word: string
  node: Node
}

type Found = Pick<ConfigProblem, 'code' | 'params' | 'permitted'>

const wordList: Permitted = { kind: 'list', min: 1 }
const oneWord: Permitted = { kind: 'text', min: 1 }

/** The yml document with the checks that every part of it needs; each complaint names its line. */
export class WordFile {
  private readonly yaml: ConfigDocument

  constructor(
    text: string,
    private readonly file: string,
  ) {
    const read = readDocument(text, file)
    if (!read.ok) throw new ConfigError(read.problems.slice(0, 1))
    this.yaml = read.value
  }

  private fail(path: string[], node: Node | undefined, problem: Found): ConfigError {
    const offset = node?.range?.[0]
    const line = offset === undefined ? undefined : this.yaml.lines.linePos(offset).line
    return new ConfigError([{ file: this.file, path: path.join('.'), line, ...problem }])
  }

  private wrong(path: string[], node: unknown, permitted: Permitted | undefined): ConfigError {
    const given: unknown = isScalar(node)
      ? node.value
      : isMap(node) || isSeq(node)
        ? node.toJSON()
        : undefined
    const found: Found =
      given === undefined || given === null
        ? { code: 'missing', params: {} }
        : { code: 'not-permitted', params: { given: showValue(given) } }
    return this.fail(path, asNode(node), { ...found, permitted })
  }

  private at(path: string[]): unknown {
    const { document } = this.yaml
    return path.length ? document.getIn(path, true) : document.contents
  }

  keys(path: string[], permitted?: readonly string[]): HeaderWord[] {
    const node = this.at(path)
    if (!isMap(node)) throw this.wrong(path, node, permitted && { kind: 'keys', keys: [...permitted] })
    return node.items.map(({ key }) => {
      if (!isScalar(key)) throw this.wrong(path, key, oneWord)
      return { word: String(key.value), node: key }
    })
  }

  onlyKeys(path: string[], permitted: readonly string[]): void {
    for (const { word, node } of this.keys(path, permitted)) {
      if (permitted.includes(word)) continue
      const problem = { code: 'unknown-key', params: { given: word } }
      throw this.fail([...path, word], node, {
        ...problem,
        permitted: { kind: 'keys', keys: [...permitted] },
      })
    }
  }

  list(path: string[], atLeast = 1): HeaderWord[] {
    const node = this.at(path)
    if (!isSeq(node) || node.items.length < atLeast) throw this.wrong(path, node, wordList)
    return node.items.map((item) => {
      const word = isScalar(item) ? String(item.source ?? item.value).trim() : ''
      if (!isScalar(item) || !word) throw this.wrong(path, item, oneWord)
      return { word, node: item }
    })
  }

  first(path: string[]): string {
    const [first] = this.list(path)
    return first?.word ?? ''
  }

  /** Yes or no; no when it is left out. */
  flag(path: string[]): boolean {
    const node = this.at(path)
    if (node === undefined) return false
    if (!isScalar(node) || typeof node.value !== 'boolean') throw this.wrong(path, node, { kind: 'boolean' })
    return node.value
  }

  text(path: string[]): string {
    const node = this.at(path)
    if (!isScalar(node) || typeof node.value !== 'string') throw this.wrong(path, node, { kind: 'text' })
    return node.value
  }

  /** Values by word of a mapping from each permitted key to a list of words. */
  lookup<V extends string>(path: string[], keys: readonly V[], keyOf = valueKey): Map<string, V> {
    this.onlyKeys(path, keys)
    const found = new Map<string, V>()
    for (const key of keys) {
      for (const { word, node } of this.list([...path, key]))
        this.add(found, { word, node }, key, [...path, key], keyOf)
    }
    return found
  }

  add<V>(
    found: Map<string, V>,
    { word, node }: HeaderWord,
    value: V,
    path: string[],
    keyOf = valueKey,
  ): void {
    const key = keyOf(word)
    if (found.has(key)) {
      const other = [...path.slice(0, -1), String(found.get(key))].join('.')
      throw this.fail(path, node, { code: 'word-twice', params: { given: word, other } })
    }
    found.set(key, value)
  }
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined
}
