import type { Dice } from './dice'

export interface XmlNode {
  name: string
  attributes: Record<string, string>
  children: (XmlNode | string)[]
}

const TRANSITIONAL = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main'

/** Writes the parts of a workbook in all the ways that XML allows. */
export class XmlWriter {
  readonly #prefix: string
  readonly #space: string

  constructor(
    readonly dice: Dice,
    isStrict: boolean,
  ) {
    this.#prefix = dice.pick(['', '', 'x:', 'main:'])
    this.#space = isStrict ? STRICT : TRANSITIONAL
  }

  /** An element of the standard's namespace. */
  readonly node = (
    name: string,
    attributes: Record<string, string> = {},
    children: (XmlNode | string)[] = [],
  ): XmlNode => ({ name: this.#prefix + name, attributes, children })

  /** A part as bytes: declared or not, UTF-8 with or without mark, or UTF-16. */
  encoded(root: XmlNode): Buffer {
    const { dice } = this
    if (!root.name.startsWith('Relation'))
      root.attributes[this.#prefix ? `xmlns:${this.#prefix.slice(0, -1)}` : 'xmlns'] = this.#space
    const encoding = dice.pick(['utf-8', 'utf-8', 'utf-8', 'mark', 'utf-16le', 'utf-16be'])
    const stated = encoding.startsWith('utf-16') ? 'UTF-16' : 'UTF-8'
    const declaration = dice.pick([
      '',
      `<?xml version="1.0" encoding="${stated}" standalone="yes"?>`,
      `<?xml version='1.0' encoding='${stated}'?>\r\n`,
    ])
    const text = declaration + this.#between() + this.#written(root) + dice.pick(['', '\n', '<!-- end -->'])
    if (encoding === 'utf-8') return Buffer.from(text)
    if (encoding === 'mark') return Buffer.from(`\ufeff${text}`)
    const wide = Buffer.from(`\ufeff${text}`, 'utf16le')
    return encoding === 'utf-16le' ? wide : wide.swap16()
  }

  /** What may stand between elements and says nothing. */
  #between(): string {
    const { dice } = this
    if (!dice.oneIn(8)) return ''
    return dice.pick(['\n', ' \t', '\r\n  ', '<!-- <c><v>1</v></c> -->', '<?keep <row ?>'])
  }

  #written({ name, attributes, children }: XmlNode): string {
    const { dice } = this
    const start = `<${name}${dice
      .shuffled(Object.entries(attributes))
      .map(([key, value]) => this.#attribute(key, value))
      .join('')}${dice.oneIn(8) ? dice.pick([' ', '\n']) : ''}`
    if (!children.length && dice.oneIn(2)) return `${start}/>`
    const isText = children.some((child) => typeof child === 'string')
    const inside = children
      .map((child) =>
        typeof child === 'string' ? this.#text(child) : this.#between() + this.#written(child),
      )
      .join('')
    return `${start}>${inside}${isText ? '' : this.#between()}</${name}${dice.oneIn(8) ? ' ' : ''}>`
  }

  #attribute(key: string, value: string): string {
    const { dice } = this
    const quote = dice.pick(['"', "'"])
    const space = dice.oneIn(8) ? dice.pick([' ', '\n', '  ']) : ''
    const safe = this.#escaped(value).replaceAll(quote, quote === '"' ? '&quot;' : '&apos;')
    return `${dice.pick([' ', ' ', '\n', '\t'])}${key}${space}=${space}${quote}${safe}${quote}`
  }

  #text(text: string): string {
    const { dice } = this
    if (dice.oneIn(8) && !text.includes(']]>')) return `<![CDATA[${text}]]>`
    const whole = this.#escaped(text)
    // A comment within a text parts nothing.
    return dice.oneIn(10) && !whole.includes('&') && whole.length > 2
      ? `${[...whole].slice(0, 1).join('')}<!-- x -->${[...whole].slice(1).join('')}`
      : whole
  }

  #escaped(text: string): string {
    const { dice } = this
    const plain = text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', dice.pick(['&gt;', '&#62;']))
    if (!dice.oneIn(6)) return plain
    return plain.replace(/[\u4e00-\u9fff\u{20000}-\u{2ffff}]/u, (letter) => {
      const code = letter.codePointAt(0) ?? 0
      return dice.pick([`&#${code};`, `&#x${code.toString(16)};`, `&#x${code.toString(16).toUpperCase()};`])
    })
  }
}
