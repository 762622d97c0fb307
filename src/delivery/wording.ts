/** Texts with `{name}` placeholders, nested as in a locale file. */
export interface TextTree {
  [key: string]: string | TextTree
}

/** Finds the text of a key (`a.b.c`) and fills it in; undefined when there is none. What is filled in stays as it is. */
export type FindText = (key: string, params: object) => string | undefined

/** The texts of several languages; the one named first is for everybody whose language there is not. */
export class LocalizedTexts {
  private readonly finds: [language: string, find: FindText][]

  constructor(trees: Record<string, TextTree>) {
    this.finds = Object.entries(trees).map(([language, tree]) => [language, finder(tree)])
  }

  /** The texts for somebody who reads these languages, the best first (`en`, `en-GB` and `en-US` are one). */
  in(locales: readonly string[]): FindText {
    for (const locale of locales) {
      const [base] = locale.split('-')
      const known = this.finds.find(([language]) => language.split('-')[0] === base)
      if (known) return known[1]
    }
    return this.finds[0]?.[1] ?? (() => undefined)
  }
}

function finder(tree: TextTree): FindText {
  // Cut at their placeholders once: an answer is made of dozens of texts.
  const texts = new Map(leaves(tree, '').map(([key, text]) => [key, text.split(/\{(\w+)\}/)]))
  return (key, params) => {
    const parts = texts.get(key)
    if (!parts) return undefined
    // Between the pieces of text stand the names of the parameters.
    return parts.map((part, at) => (at % 2 ? filled(params, part) : part)).join('')
  }
}

function filled(params: object, name: string): string {
  const value: unknown = Object.hasOwn(params, name) ? Reflect.get(params, name) : undefined
  return typeof value === 'string' || typeof value === 'number' ? String(value) : `{${name}}`
}

function leaves(tree: TextTree, path: string): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const own = path ? `${path}.${key}` : key
    return typeof value === 'string' ? [[own, value]] : leaves(value, own)
  })
}
