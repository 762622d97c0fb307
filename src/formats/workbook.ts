import { posix } from 'node:path'
import { RefusedCell } from './cells'
import type { Sheet } from './cells'
import type { FileLimits } from './limits'
import { numberFormatOf } from './number-format'
import { readSharedStrings } from './shared-strings'
import { StyleScan, Worksheet } from './worksheet'
import { attributeOf, readXml } from './xml'
import type { XmlAttributes } from './xml'
import { Zip } from './zip'

interface Relation {
  type: string
  target: string
}

/** What the main part of a workbook says. */
interface Book {
  from1904: boolean
  sheets: { name: string; id: string; hidden: boolean }[]
}

/** Which kind of table a packed file is; the binary and the open one are left to a library. */
export function packedKind(bytes: Uint8Array, limits: FileLimits): 'xlsx' | 'other' {
  const zip = new Zip(bytes, limits.unpackedBytes)
  if (zip.has('word/document.xml') || zip.has('ppt/presentation.xml')) throw new RefusedCell('not-a-table')
  if (zip.has('[Content_Types].xml')) return zip.has('xl/workbook.bin') ? 'other' : 'xlsx'
  if (zip.has('content.xml') && zip.has('mimetype')) return 'other'
  throw new RefusedCell('not-a-table')
}

/**
 * The visible sheets of an .xlsx. Read cell by cell because a refused file must say why: the libraries drop formulas
 * when they stream, and trust the sizes that the archive states.
 */
export async function* readWorkbook(bytes: Uint8Array, limits: FileLimits): AsyncGenerator<Sheet> {
  const zip = new Zip(bytes, limits.unpackedBytes)
  const path = await workbookPath(zip)
  const targets = await relationsOf(zip, path)
  const partOf = (type: string) => [...targets.values()].find((one) => one.type.endsWith(`/${type}`))?.target
  const shared = partOf('sharedStrings')
  const strings = shared === undefined ? [] : await readSharedStrings(zip.read(shared), limits)
  const styles = partOf('styles')
  const formats = styles !== undefined && zip.has(styles) ? await readStyles(zip, styles) : []
  const book = await readBook(zip, path)
  const sheets = worksheetsOf(book, targets)
  if (sheets.length > limits.sheets) throw new RefusedCell('too-many-sheets', { limit: limits.sheets })
  for (const { name, part } of sheets) {
    const worksheet = new Worksheet(zip.read(part), { strings, formats }, limits)
    yield { name, from1904: book.from1904, rows: worksheet.rows(), merges: () => worksheet.merges }
  }
}

/** The parts of the sheets that hold a table. Where every sheet is hidden, those are what the file is about. */
function worksheetsOf(
  { sheets }: Book,
  targets: ReadonlyMap<string, Relation>,
): { name: string; part: string }[] {
  const visible = sheets.filter(({ hidden }) => !hidden)
  return (visible.length ? visible : sheets).flatMap(({ name, id }) => {
    const relation = targets.get(id)
    if (!relation) throw new RefusedCell('broken-file')
    // Charts, dialogues and macros are sheets too.
    return relation.type.endsWith('/worksheet') ? [{ name, part: relation.target }] : []
  })
}

async function readBook(zip: Zip, path: string): Promise<Book> {
  const book: Book = { from1904: false, sheets: [] }
  const open = (name: string, attributes: XmlAttributes) => {
    if (name === 'workbookPr') book.from1904 = /^(1|true)$/.test(attributeOf(attributes, 'date1904') ?? '')
    if (name !== 'sheet') return
    book.sheets.push({
      name: attributeOf(attributes, 'name') ?? '',
      id: attributeOf(attributes, 'id') ?? '',
      hidden: /hidden/i.test(attributeOf(attributes, 'state') ?? ''),
    })
  }
  await readXml(zip.read(path), { open })
  return book
}

async function readStyles(zip: Zip, path: string): Promise<StyleScan['formats']> {
  const scan = new StyleScan(numberFormatOf)
  await readXml(zip.read(path), {
    open: (name, attributes) => scan.open(name, attributes),
    close: (name) => scan.close(name),
  })
  return scan.formats
}

async function workbookPath(zip: Zip): Promise<string> {
  if (!zip.has('[Content_Types].xml')) throw new RefusedCell('not-a-table')
  const root = zip.has('_rels/.rels') ? await relationsOf(zip, '') : new Map<string, Relation>()
  const main =
    [...root.values()].find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml'
  return main
}

async function relationsOf(zip: Zip, part: string): Promise<Map<string, Relation>> {
  const folder = part.includes('/') ? posix.dirname(part) : ''
  const relations = new Map<string, Relation>()
  const open = (name: string, attributes: XmlAttributes) => {
    if (name !== 'Relationship') return
    relations.set(attributeOf(attributes, 'Id') ?? '', {
      type: attributeOf(attributes, 'Type') ?? '',
      target: partName(attributeOf(attributes, 'Target') ?? '', folder),
    })
  }
  await readXml(zip.read(posix.join(folder, '_rels', `${posix.basename(part)}.rels`)), { open })
  return relations
}

function partName(target: string, folder: string): string {
  const plain = target.replaceAll('\\', '/')
  return plain.startsWith('/') ? plain.slice(1) : posix.join(folder, plain)
}
