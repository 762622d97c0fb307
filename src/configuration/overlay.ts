import { stringify } from 'yaml'
import { readYaml } from './document'
import type { ConfigProblem, ConfigResult } from './document'

/** One text of `config/` with the path that messages name. */
export interface ConfigSource {
  file: string
  text: string
}

type Mapping = Record<string, unknown>

/**
 * Lays the text of `config/local/NAME` over that of `config/NAME`. Mappings are merged key by key; a key whose local
 * value is null is taken away. Entries of a list that have an `id` or `name` replace the one of the same id or name,
 * or are added; plain words are added to the list; whatever else the local text says takes the other's place.
 * Without a local text the base is answered as it is, so that lines in problems are those of the file.
 */
export function overlayConfig(
  base: ConfigSource | undefined,
  local: ConfigSource | undefined,
): ConfigResult<ConfigSource | undefined> {
  if (!local) return { ok: true, value: base }
  const over = readYaml(local.text, local.file)
  if (!over.ok) return over
  if (!base) return { ok: true, value: local }
  const under = readYaml(base.text, base.file)
  if (!under.ok) return under
  const merged = mergeValues(under.value.data, over.value.data)
  return { ok: true, value: { file: `${base.file} + ${local.file}`, text: stringify(merged ?? {}) } }
}

const LOCAL = 'local/'

/**
 * The texts of a folder `config/`, each with that of the same name below `local/` laid over it; local files of other
 * names are added. A scheme is exact, so that a local one takes the place of the whole file. `file` is the path below
 * the folder, with forward slashes; `dir` stands before it in problems.
 */
export function overlayFolder(files: readonly ConfigSource[], dir: string): OverlaidFolder {
  const shown = (name: string) => `${dir}/${name}`
  const names = new Set(files.map(({ file }) => (file.startsWith(LOCAL) ? file.slice(LOCAL.length) : file)))
  const found: OverlaidFolder = { files: [], problems: [] }
  for (const name of [...names].sort()) {
    const named = (file: string) => {
      const source = files.find((one) => one.file === file)
      return source && { file: shown(file), text: source.text }
    }
    const [base, local] = [named(name), named(`${LOCAL}${name}`)]
    const result = overlayConfig(name.startsWith('schemes/') && local ? undefined : base, local)
    if (!result.ok) found.problems.push(...result.problems)
    else if (result.value) found.files.push({ name, ...result.value })
  }
  return found
}

/** `name` is the path below the folder, `file` what messages name: of a merged text both of its files. */
export interface OverlaidFile extends ConfigSource {
  name: string
}

export interface OverlaidFolder {
  files: OverlaidFile[]
  problems: ConfigProblem[]
}

function mergeValues(base: unknown, local: unknown): unknown {
  if (isMapping(base) && isMapping(local)) return mergeMappings(base, local)
  if (Array.isArray(base) && Array.isArray(local)) return mergeLists(base, local)
  return local
}

function mergeMappings(base: Mapping, local: Mapping): Mapping {
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(local)) {
    if (value === null) merged.delete(key)
    else merged.set(key, merged.has(key) ? mergeValues(merged.get(key), value) : value)
  }
  return Object.fromEntries(merged)
}

function mergeLists(base: readonly unknown[], local: readonly unknown[]): unknown[] {
  if (![...base, ...local].every((item) => labelOf(item) !== undefined)) return [...local]
  const merged = new Map(base.map((item) => [labelOf(item), item]))
  for (const item of local) {
    const label = labelOf(item)
    merged.set(label, merged.has(label) ? mergeValues(merged.get(label), item) : item)
  }
  return [...merged.values()]
}

/** What tells an entry of a list apart: a plain word by itself, a mapping by its id or name. */
function labelOf(item: unknown): string | undefined {
  if (typeof item === 'string' || typeof item === 'number') return `word:${item}`
  if (!isMapping(item)) return undefined
  const label = item['id'] ?? item['name']
  return typeof label === 'string' ? `entry:${label}` : undefined
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
