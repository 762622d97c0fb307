/** Texts with `{name}` placeholders, nested as in a locale file. */
export interface TextTree {
  [key: string]: string | TextTree
}

/** Finds the text of a key (`a.b.c`) and fills it in; undefined when there is none. What is filled in stays as it is. */
export type Find = (key: string, params: object) => string | undefined

/** The texts of several languages; the one named first is for everybody whose language there is not. */
export class Wordings {
  private readonly finds: [language: string, find: Find][]

  constructor(trees: Record<string, TextTree>) {
    this.finds = Object.entries(trees).map(([language, tree]) => [language, finder(tree)])
  }

  /** The texts for somebody who reads these languages, the best first (`en`, `en-GB` and `en-US` are one). */
  in(locales: readonly string[]): Find {
    for (const locale of locales) {
      const [base] = locale.split('-')
      const known = this.finds.find(([language]) => language.split('-')[0] === base)
      if (known) return known[1]
    }
    return this.finds[0]?.[1] ?? (() => undefined)
  }
}

function finder(tree: TextTree): Find {
  const texts = new Map(leaves(tree, ''))
  return (key, params) => {
    const given = new Map<string, unknown>(Object.entries(params))
    return texts.get(key)?.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = given.get(name)
      return typeof value === 'string' || typeof value === 'number' ? String(value) : whole
    })
  }
}

function leaves(tree: TextTree, path: string): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const own = path ? `${path}.${key}` : key
    return typeof value === 'string' ? [[own, value]] : leaves(value, own)
  })
}
