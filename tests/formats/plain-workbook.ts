import PizZip from 'pizzip'
import { SaxesParser } from 'saxes'

/**
 * A second reader of workbooks, written to be obviously right and nothing else: every part is made into a tree by a
 * strict XML parser with namespaces, and what the standard says (ECMA-376) is looked up in the tree.
 */

interface Element {
  name: string
  space: string
  attributes: { name: string; space: string; value: string }[]
  children: (Element | string)[]
}

export type PlainCell =
  | { kind: 'text'; text: string }
  | { kind: 'number'; value: number; format: { id: number; pattern: string | undefined } }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'error'; text: string }
  | { kind: 'formula' }

export interface PlainSheet {
  name: string
  from1904: boolean
  /** By place such as `3:1`: row and column, both from 0. */
  cells: Map<string, PlainCell>
  /** First column, first and last row of ranges over several rows. */
  merges: { column: number; firstRow: number; lastRow: number }[]
}

const mains = [
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://purl.oclc.org/ooxml/spreadsheetml/main',
]
const links = [
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  'http://purl.oclc.org/ooxml/officeDocument/relationships',
]

export function readPlainWorkbook(bytes: Uint8Array): PlainSheet[] {
  const book = new PlainBook(new PizZip(Buffer.from(bytes)))
  return book.sheets()
}

class PlainBook {
  readonly main: string
  readonly book: Element
  readonly relations: Map<string, { type: string; target: string }>

  constructor(readonly zip: PizZip) {
    this.main = [...this.relationsOf('').values()].find(({ type }) => type === 'officeDocument')!.target
    this.book = this.part(this.main)
    this.relations = this.relationsOf(this.main)
  }

  sheets(): PlainSheet[] {
    const from1904 = ['1', 'true'].includes(valueOf(childrenOf(this.book, 'workbookPr')[0], 'date1904') ?? '')
    const all = childrenOf(this.book, 'sheets').flatMap((sheets) => childrenOf(sheets, 'sheet'))
    const shown = all.filter((sheet) => !['hidden', 'veryHidden'].includes(valueOf(sheet, 'state') ?? ''))
    return (shown.length ? shown : all).flatMap((sheet) => {
      const id = sheet.attributes.find(({ name, space }) => name === 'id' && links.includes(space))!.value
      const { type, target } = this.relations.get(id)!
      if (type !== 'worksheet') return []
      const part = this.part(target)
      const cells = this.cellsOf(part)
      return [{ name: valueOf(sheet, 'name') ?? '', from1904, cells, merges: mergesOf(part) }]
    })
  }

  cellsOf(sheet: Element): Map<string, PlainCell> {
    const cells = new Map<string, PlainCell>()
    const filled = childrenOf(childrenOf(sheet, 'sheetData')[0]!, 'row')
      .flatMap((row) => childrenOf(row, 'c'))
      .flatMap((c) => childrenOf(c, 'f'))
      .filter((f) => valueOf(f, 't') !== 'shared')
      .flatMap((f) => valueOf(f, 'ref') ?? [])
      .map(rangeOf)
    let row = -1
    for (const line of childrenOf(childrenOf(sheet, 'sheetData')[0]!, 'row')) {
      row = valueOf(line, 'r') === undefined ? row + 1 : Number(valueOf(line, 'r')) - 1
      let column = -1
      for (const c of childrenOf(line, 'c')) {
        const place = valueOf(c, 'r')
        column = place === undefined ? column + 1 : rangeOf(place).left
        const isFilled = filled.some(
          ({ top, bottom, left, right }) => row >= top && row <= bottom && column >= left && column <= right,
        )
        const cell: PlainCell | undefined = isFilled ? { kind: 'formula' } : this.cellOf(c)
        if (cell) cells.set(`${row}:${column}`, cell)
      }
    }
    return cells
  }

  cellOf(c: Element): PlainCell | undefined {
    if (childrenOf(c, 'f').length) return { kind: 'formula' }
    const v = childrenOf(c, 'v').map(textOf).join('')
    switch (valueOf(c, 't') ?? 'n') {
      case 's':
        return v.trim() === '' ? undefined : textCell(this.strings[Number(v)]!)
      case 'inlineStr':
        return textCell(childrenOf(c, 'is').map(stringOf).join(''))
      case 'str':
      case 'd':
        return textCell(unescaped(v))
      case 'b':
        return v.trim() === '' ? undefined : { kind: 'boolean', value: ['1', 'true'].includes(v.trim()) }
      case 'e':
        return { kind: 'error', text: v }
      default:
        if (v.trim() === '') return undefined
        return { kind: 'number', value: Number(v), format: this.formatOf(valueOf(c, 's')) }
    }
  }

  get strings(): string[] {
    const target = [...this.relations.values()].find(({ type }) => type === 'sharedStrings')?.target
    return (this.#strings ??= target ? childrenOf(this.part(target), 'si').map(stringOf) : [])
  }
  #strings: string[] | undefined

  formatOf(style: string | undefined): { id: number; pattern: string | undefined } {
    const target = [...this.relations.values()].find(({ type }) => type === 'styles')?.target
    if (style === undefined || !target) return { id: 0, pattern: undefined }
    const styles = (this.#styles ??= this.part(target))
    const xf = childrenOf(childrenOf(styles, 'cellXfs')[0]!, 'xf')[Number(style)]
    const id = Number(valueOf(xf, 'numFmtId') ?? 0)
    const own = childrenOf(styles, 'numFmts').flatMap((list) => childrenOf(list, 'numFmt'))
    const pattern = valueOf(
      own.find((one) => Number(valueOf(one, 'numFmtId')) === id),
      'formatCode',
    )
    return { id, pattern }
  }
  #styles: Element | undefined

  part(path: string): Element {
    const file = Object.values(this.zip.files).find(({ name }) => name.toLowerCase() === path.toLowerCase())!
    return treeOf(file.asUint8Array())
  }

  relationsOf(path: string): Map<string, { type: string; target: string }> {
    const folder = path.split('/').slice(0, -1)
    const rels = this.part([...folder, '_rels', `${path.split('/').at(-1)}.rels`].join('/'))
    return new Map(
      childrenOf(rels, 'Relationship').map((one) => [
        valueOf(one, 'Id')!,
        {
          type: valueOf(one, 'Type')!.split('/').at(-1)!,
          target: new URL(valueOf(one, 'Target')!, `zip://x/${path}`).pathname.slice(1),
        },
      ]),
    )
  }
}

function textCell(text: string): PlainCell | undefined {
  return text === '' ? undefined : { kind: 'text', text }
}

/** The text of a string item: its own t or those of its runs; a phonetic guide is none of it. */
function stringOf(item: Element): string {
  const runs = item.children.filter((one): one is Element => typeof one === 'object')
  return unescaped(
    runs
      .flatMap((one) => (one.name === 't' ? [one] : one.name === 'r' ? childrenOf(one, 't') : []))
      .map(textOf)
      .join(''),
  )
}

function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

function mergesOf(sheet: Element): PlainSheet['merges'] {
  return childrenOf(sheet, 'mergeCells')
    .flatMap((list) => childrenOf(list, 'mergeCell'))
    .map((one) => rangeOf(valueOf(one, 'ref')!))
    .filter(({ top, bottom }) => bottom > top)
    .map(({ top, bottom, left }) => ({ column: left, firstRow: top, lastRow: bottom }))
}

function rangeOf(ref: string): { top: number; bottom: number; left: number; right: number } {
  const [from = '', to = from] = ref.replaceAll('$', '').split(':')
  const row = (place: string) => Number(place.replace(/\D+/, '')) - 1
  const column = (place: string) =>
    [...place.replace(/\d+/, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { top: row(from), bottom: row(to), left: column(from), right: column(to) }
}

function treeOf(bytes: Uint8Array): Element {
  const parser = new SaxesParser({ xmlns: true })
  const root: Element = { name: '', space: '', attributes: [], children: [] }
  const open = [root]
  parser.on('opentag', ({ local, uri, attributes }) => {
    const element: Element = { name: local, space: uri, attributes: [], children: [] }
    for (const one of Object.values(attributes))
      element.attributes.push({ name: one.local, space: one.uri, value: one.value })
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.on('text', (text) => void open.at(-1)!.children.push(text))
  parser.on('cdata', (text) => void open.at(-1)!.children.push(text))
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xmlTextOf(bytes)).close()
  return root.children.find((one): one is Element => typeof one === 'object')!
}

function xmlTextOf(bytes: Uint8Array): string {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex')
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true }).decode(bytes)
}

/** Children of the standard's own namespaces with a name; files without any namespace are taken, too. */
function childrenOf(element: Element, name: string): Element[] {
  return element.children.filter((one): one is Element => {
    if (typeof one === 'string' || one.name !== name) return false
    return mains.includes(one.space) || one.space === '' || one.space.endsWith('/relationships')
  })
}

function valueOf(element: Element | undefined, name: string): string | undefined {
  return element?.attributes.find((one) => one.name === name && one.space === '')?.value
}

function textOf(element: Element): string {
  return element.children.filter((one) => typeof one === 'string').join('')
}
