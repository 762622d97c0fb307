import PizZip from 'pizzip'
import { Dice } from './dice'
import { XmlWriter } from './random-xml'
import type { XmlNode } from './random-xml'

/** What a cell of a made workbook holds; the text of a number is how it stands in the file. */
export type MadeCell =
  | { kind: 'text'; text: string }
  | { kind: 'number'; written: string; style: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'error'; text: string }
  | { kind: 'formula' }
  | { kind: 'nothing' }

export interface MadeSheet {
  name: string
  state: '' | 'visible' | 'hidden' | 'veryHidden'
  isChart: boolean
  cells: Map<string, MadeCell>
}

export interface MadeWorkbook {
  bytes: Uint8Array
  sheets: MadeSheet[]
  /** Number format of each cell style. */
  styles: { id: number; pattern: string | undefined }[]
  from1904: boolean
}

const patterns = [
  ...['00000', '0000000000', '#,##0.00', '0.0', '0%', 'yyyy/m/d', 'yyyy"年"m"月"d"日"', 'h:mm', '[h]:mm'],
  ...[
    '0_);[Red]\\(0\\)',
    '"共"0"人"',
    '@',
    'General',
    '#',
    '??0',
    '0.00E+00',
    'mm-dd-yy hh:mm:ss',
    '0000-0000',
  ],
]
const letters = [...'张三李四空间登录第一小学abXY019 ,;"\'<>&=+-%_/\\:.\n\t😀𠮷é']
const errors = ['#N/A', '#DIV/0!', '#REF!', '#VALUE!', '#NAME?', '#NULL!', '#NUM!']

/** A workbook with all that the standard allows, the same for the same seed. */
export function makeWorkbook(seed: number): MadeWorkbook {
  return new WorkbookMaker(new Dice(seed)).make()
}

class WorkbookMaker {
  readonly #xml: XmlWriter
  readonly #strings: XmlNode[] = []
  readonly #styles: MadeWorkbook['styles']
  readonly #parts = new Map<string, Buffer>()
  readonly #rel: string

  constructor(readonly dice: Dice) {
    const isStrict = dice.oneIn(5)
    this.#xml = new XmlWriter(dice, isStrict)
    this.#rel = isStrict
      ? 'http://purl.oclc.org/ooxml/officeDocument/relationships'
      : 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    this.#styles = [
      { id: 0, pattern: undefined },
      ...[1, 2, 4, 9, 10, 14, 22, 31, 49].map((id) => ({ id, pattern: undefined })),
      ...patterns.map((pattern, at) => ({ id: 164 + at, pattern })),
    ]
  }

  make(): MadeWorkbook {
    const { dice } = this
    const folder = dice.pick(['xl/', 'xl/', 'xl/', 'book/', ''])
    const book = folder + dice.pick(['workbook.xml', 'workbook.xml', 'main.xml'])
    const sheets = Array.from({ length: dice.from(1, 3) }, (_, at) => this.#sheet(at))
    const from1904 = dice.oneIn(4)
    const relations: XmlNode[] = []
    const link = (type: string, part: string) => {
      const id = `r${relations.length + 1}${dice.pick(['', 'x'])}`
      const relative = part.startsWith(folder) ? part.slice(folder.length) : `../${part}`
      const target = dice.pick([`/${part}`, folder ? relative : part, `./${folder ? relative : part}`])
      relations.push(this.#relation(id, type, target))
      return id
    }
    const listed = sheets.map(({ made, xml }, at) => {
      const part =
        folder + dice.pick(['worksheets/', '', 'deep/er/']) + `${dice.pick(['sheet', 'Blatt'])}${at + 1}.xml`
      this.#add(part, xml)
      const id = link(made.isChart ? dice.pick(['chartsheet', 'dialogsheet']) : 'worksheet', part)
      const state = made.state ? { state: made.state } : {}
      return this.#xml.node('sheet', { name: made.name, sheetId: String(at + 1), ...state, 'r:id': id })
    })
    const stylesPart = `${folder}styles.xml`
    this.#add(stylesPart, this.#stylesXml())
    link('styles', stylesPart)
    const stringsPart = folder + dice.pick(['sharedStrings.xml', 'texts/strings.xml'])
    this.#add(stringsPart, this.#xml.node('sst', {}, this.#strings))
    link('sharedStrings', stringsPart)
    const flag = from1904 ? { date1904: dice.pick(['1', 'true']) } : dice.pick([{}, { date1904: '0' }])
    this.#add(
      book,
      this.#xml.node('workbook', { 'xmlns:r': this.#rel }, [
        this.#xml.node('workbookPr', flag),
        this.#xml.node('sheets', {}, listed),
      ]),
    )
    const rels = `${folder}_rels/${book.slice(folder.length)}.rels`
    this.#addRelations(rels, dice.shuffled(relations))
    this.#addRelations('_rels/.rels', [this.#relation('m', 'officeDocument', dice.pick([book, `/${book}`]))])
    const types = 'http://schemas.openxmlformats.org/package/2006/content-types'
    this.#parts.set('[Content_Types].xml', Buffer.from(`<Types xmlns="${types}"/>`))
    return { bytes: this.#zip(), sheets: sheets.map(({ made }) => made), styles: this.#styles, from1904 }
  }

  #zip(): Uint8Array {
    const zip = new PizZip()
    for (const [name, content] of this.dice.shuffled([...this.#parts]))
      zip.file(name, content, { compression: this.dice.pick(['STORE', 'DEFLATE']) })
    return zip.generate({ type: 'uint8array' })
  }

  #add(part: string, root: XmlNode): void {
    this.#parts.set(part, this.#xml.encoded(root))
  }

  #addRelations(part: string, relations: XmlNode[]): void {
    const space = 'http://schemas.openxmlformats.org/package/2006/relationships'
    const root = { name: 'Relationships', attributes: { xmlns: space }, children: relations }
    this.#parts.set(part, this.#xml.encoded(root))
  }

  #relation(Id: string, type: string, Target: string): XmlNode {
    return { name: 'Relationship', attributes: { Id, Type: `${this.#rel}/${type}`, Target }, children: [] }
  }

  #stylesXml(): XmlNode {
    const { node } = this.#xml
    const own = this.#styles.filter(({ pattern }) => pattern !== undefined)
    return node('styleSheet', {}, [
      node(
        'numFmts',
        {},
        own.map(({ id, pattern = '' }) => node('numFmt', { numFmtId: String(id), formatCode: pattern })),
      ),
      node('cellStyleXfs', {}, [node('xf', { numFmtId: '14' })]),
      node(
        'cellXfs',
        {},
        this.#styles.map(({ id }) => node('xf', { numFmtId: String(id), xfId: '0' })),
      ),
      node('dxfs', {}, [node('dxf', {}, [node('numFmt', { numFmtId: '164', formatCode: 'yyyy' })])]),
    ])
  }

  #sheet(at: number): { made: MadeSheet; xml: XmlNode } {
    const { dice } = this
    const made: MadeSheet = {
      name: `${dice.pick(['表', 'Sheet', 'a&b <c>'])}${at}`,
      state: dice.pick(['', '', 'visible', 'hidden', 'veryHidden']),
      isChart: dice.oneIn(8),
      cells: new Map(),
    }
    const rows: XmlNode[] = []
    let row = -1
    for (let more = dice.from(0, 8); more > 0; more--) {
      const isNext = dice.oneIn(2)
      row += isNext ? 1 : dice.from(1, 5)
      rows.push(this.#row(row, isNext && dice.oneIn(2), made.cells))
    }
    return { made, xml: this.#sheetXml(rows) }
  }

  #sheetXml(rows: XmlNode[]): XmlNode {
    const { dice } = this
    const { node } = this.#xml
    const merges = Array.from({ length: dice.from(0, 3) }, () => {
      const [left, top] = [dice.from(0, 30), dice.from(1, 9)]
      const ref = `${columnName(left)}${top}:${columnName(left + dice.from(0, 2))}${top + dice.from(0, 3)}`
      return node('mergeCell', { ref })
    })
    return node('worksheet', { 'xmlns:z': 'urn:other' }, [
      ...dice.some([
        node('sheetPr', {}, [node('tabColor', { rgb: 'FF00FF00' })]),
        node('dimension', { ref: 'A1' }),
      ]),
      node('sheetData', {}, rows),
      ...(merges.length ? [node('mergeCells', { count: String(merges.length) }, merges)] : []),
      ...dice.some([
        node('rowBreaks', {}, [node('brk', { id: '3', max: '16383', man: '1' })]),
        node('extLst', {}, [node('ext', { uri: '{0}' }, [foreignRow()])]),
      ]),
    ])
  }

  #row(row: number, isWithoutNumber: boolean, cells: MadeSheet['cells']): XmlNode {
    const { dice } = this
    const children: XmlNode[] = []
    let column = -1
    for (let more = dice.from(0, 6); more > 0; more--) {
      const isNext = dice.oneIn(2)
      column += isNext ? 1 : dice.from(1, dice.oneIn(6) ? 40 : 3)
      const [cell, c] = this.#cell()
      if (!(isNext && dice.oneIn(2))) c.attributes['r'] = `${columnName(column)}${row + 1}`
      if (cell.kind !== 'nothing') cells.set(`${row}:${column}`, cell)
      children.push(c)
    }
    const more = dice.oneIn(3) ? { spans: '1:9', ht: '14.25', customHeight: '1', hidden: '1' } : {}
    return this.#xml.node('row', { ...(isWithoutNumber ? {} : { r: String(row + 1) }), ...more }, children)
  }

  #cell(): [MadeCell, XmlNode] {
    const { dice } = this
    const { node } = this.#xml
    const style = dice.from(0, this.#styles.length - 1)
    const styled = dice.oneIn(2) ? { s: String(style) } : {}
    const v = (text: string) => [node('v', {}, [text]), ...dice.some([foreignCell(node)], 8)]
    switch (dice.from(0, 10)) {
      case 0:
      case 1: {
        const [text, item] = this.#text('si')
        this.#strings.push(item)
        const index = dice.pick([`${this.#strings.length - 1}`, ` ${this.#strings.length - 1} `])
        return [textCell(text), node('c', { t: 's', ...styled }, v(index))]
      }
      case 2: {
        const [text, item] = this.#text('is')
        return [textCell(text), node('c', { t: 'inlineStr', ...styled }, [item])]
      }
      case 3: {
        const text = dice.text(letters, 12)
        return [textCell(text), node('c', { t: 'str' }, v(escaped(text, dice)))]
      }
      case 4: {
        const value = dice.oneIn(2)
        const written = dice.pick(value ? ['1', 'true'] : ['0', 'false'])
        return [{ kind: 'boolean', value }, node('c', { t: 'b' }, v(written))]
      }
      case 5: {
        const text = dice.pick(errors)
        return [{ kind: 'error', text }, node('c', { t: 'e' }, v(text))]
      }
      case 6: {
        const f = dice.pick([{}, { t: 'shared', si: '0' }, { t: 'array', ref: 'IA1:IB2' }])
        const cached = dice.pick([{ t: 'str' }, { t: 'n' }, {}])
        const children = [node('f', f, [dice.pick(['A1&"<"', ''])]), node('v', {}, ['7'])]
        return [{ kind: 'formula' }, node('c', cached, children)]
      }
      case 7: {
        const t = dice.pick([{ t: 's' }, { t: 'n' }, { t: 'b' }, { t: 'inlineStr' }, {}])
        return [{ kind: 'nothing' }, node('c', { ...t, ...styled }, dice.pick([[], [node('v', {})]]))]
      }
      case 8: {
        const text = `2022-03-${String(dice.from(10, 28))}T08:00:00`
        return [{ kind: 'text', text }, node('c', { t: 'd', ...styled }, v(text))]
      }
      default: {
        const written = dice.number()
        const t = dice.pick([{}, { t: 'n' }])
        const used = 's' in styled ? style : 0
        return [{ kind: 'number', written, style: used }, node('c', { ...t, ...styled }, v(written))]
      }
    }
  }

  /** A string item, plain or of several runs, with a guide to its pronunciation beside it. */
  #text(name: 'si' | 'is'): [string, XmlNode] {
    const { dice } = this
    const { node } = this.#xml
    const texts = Array.from({ length: dice.oneIn(3) ? dice.from(1, 3) : 1 }, () => dice.text(letters, 14))
    const t = (text: string) =>
      node('t', dice.oneIn(2) ? { 'xml:space': 'preserve' } : {}, [escaped(text, dice)])
    const isRich = texts.length > 1 || dice.oneIn(6)
    const runs = texts.map((text) => node('r', {}, [node('rPr', {}, [node('b', {})]), t(text)]))
    const guide = dice.some([
      node('rPh', { sb: '0', eb: '1' }, [t('guide')]),
      node('phoneticPr', { fontId: '1' }),
    ])
    return [texts.join(''), node(name, {}, [...(isRich ? runs : [t(texts[0] ?? '')]), ...guide])]
  }
}

function textCell(text: string): MadeCell {
  return text === '' ? { kind: 'nothing' } : { kind: 'text', text }
}

/** Spreadsheets write control characters as `_x000A_`, and what looks like that with its first mark escaped. */
function escaped(text: string, dice: Dice): string {
  const safe = text.replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
  return dice.oneIn(4) ? safe.replaceAll('\n', '_x000A_') : safe
}

function foreignRow(): XmlNode {
  const v = { name: 'z:v', attributes: {}, children: ['9'] }
  return { name: 'z:row', attributes: {}, children: [{ name: 'z:c', attributes: {}, children: [v] }] }
}

function foreignCell(node: XmlWriter['node']): XmlNode {
  const v = { name: 'z:v', attributes: {}, children: ['9'] }
  return node('extLst', {}, [node('ext', { uri: '{0}' }, [v])])
}

export function columnName(column: number): string {
  const rest = Math.floor(column / 26)
  return (rest ? columnName(rest - 1) : '') + String.fromCharCode(65 + (column % 26))
}
