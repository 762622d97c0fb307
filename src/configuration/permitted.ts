import type * as z from 'zod'

/** What a schema permits at one place, as data that the locales put into words. */
export type Permitted =
  | { kind: 'one-of'; values: string[] }
  | { kind: 'keys'; keys: string[] }
  | {
      kind: 'number'
      integer: boolean
      min?: number | undefined
      above?: number | undefined
      max?: number | undefined
    }
  | { kind: 'text'; min?: number | undefined; max?: number | undefined; pattern?: string | undefined }
  | { kind: 'list'; min?: number | undefined; max?: number | undefined }
  | { kind: 'date' }
  | { kind: 'boolean' }
  | { kind: 'either'; either: Permitted[] }

type Node = z.core.JSONSchema.BaseSchema

/** What the JSON Schema permits at a path of the data; undefined where it says nothing. */
export function permittedAt(root: Node, path: readonly (string | number)[]): Permitted | undefined {
  const node = path.reduce<Node | undefined>((at, part) => (at ? childOf(at, part) : undefined), root)
  return node && permittedBy(node)
}

function childOf(node: Node, part: string | number): Node | undefined {
  const variants = node.anyOf ?? node.oneOf
  if (variants) {
    for (const variant of variants) {
      const child = asNode(variant) && childOf(variant, part)
      if (child) return child
    }
    return undefined
  }
  if (typeof part === 'number') return asNode(Array.isArray(node.items) ? node.items[part] : node.items)
  return asNode(node.properties?.[part]) ?? asNode(node.additionalProperties)
}

function asNode(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null ? (value as Node) : undefined
}

function permittedBy(node: Node): Permitted | undefined {
  const variants = node.anyOf ?? node.oneOf
  if (variants) {
    const either = variants.flatMap((variant) => asNode(variant) && permittedBy(variant)) as Permitted[]
    return { kind: 'either', either: either.filter(Boolean) }
  }
  if (node.enum) return { kind: 'one-of', values: node.enum.map(String) }
  if (node.const !== undefined) return { kind: 'one-of', values: [String(node.const)] }
  switch (node.type) {
    case 'object':
      return { kind: 'keys', keys: Object.keys(node.properties ?? {}) }
    case 'array':
      return { kind: 'list', min: node.minItems, max: node.maxItems }
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        integer: node.type === 'integer',
        min: node.minimum,
        above: typeof node.exclusiveMinimum === 'number' ? node.exclusiveMinimum : undefined,
        max: node.maximum,
      }
    case 'boolean':
      return { kind: 'boolean' }
    case 'string':
      if (node.format === 'date') return { kind: 'date' }
      return { kind: 'text', min: node.minLength, max: node.maxLength, pattern: node.pattern }
    default:
      return undefined
  }
}
