import { posix } from 'node:path'
import { RefusedCell } from './cells'
import type { Sheet } from './cells'
import type { FileLimits } from './limits'
import { readSharedStrings } from './shared-strings'
import { Worksheet } from './worksheet'
import { attributeOf, elements } from './xml'
import { Zip } from './zip'

/**
 * The visible sheets of an .xlsx. Read by this project's own scanner because a refused file must say why: the
 * libraries drop formulas when they stream, and trust the sizes that the archive states.
 */
export async function* readWorkbook(bytes: Uint8Array, limits: FileLimits): AsyncGenerator<Sheet> {
  const zip = new Zip(bytes, limits.unpackedBytes)
  const path = await workbookPath(zip)
  const xml = await zip.text(path)
  const targets = await relationsOf(zip, path)
  const shared = [...targets.values()].find(({ type }) => type.endsWith('/sharedStrings'))
  const strings =
    shared && zip.has(shared.target) ? await readSharedStrings(zip.read(shared.target), limits) : []
  const from1904 = elements(xml, 'workbookPr').some((tag) =>
    /^(1|true)$/.test(attributeOf(tag, 'date1904') ?? ''),
  )
  const sheets = elements(xml, 'sheet').filter((tag) => !/hidden/i.test(attributeOf(tag, 'state') ?? ''))
  if (sheets.length > limits.sheets) throw new RefusedCell('too-many-sheets', { limit: limits.sheets })
  for (const tag of sheets) {
    const part = targets.get(attributeOf(tag, 'id') ?? '')?.target
    if (!part || !zip.has(part) || !/worksheet/i.test(part)) continue
    const worksheet = new Worksheet(zip.read(part), strings, limits)
    yield {
      name: attributeOf(tag, 'name') ?? '',
      from1904,
      rows: worksheet.rows(),
      merges: () => worksheet.merges,
    }
  }
}

async function workbookPath(zip: Zip): Promise<string> {
  if (!zip.has('[Content_Types].xml')) throw new RefusedCell('not-a-table')
  const root = zip.has('_rels/.rels') ? await relationsOf(zip, '') : new Map<string, Relation>()
  const main =
    [...root.values()].find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml'
  if (!/\.xml$/i.test(main) || !/workbook/i.test(main) || !zip.has(main)) throw new RefusedCell('not-a-table')
  return main
}

interface Relation {
  type: string
  target: string
}

async function relationsOf(zip: Zip, part: string): Promise<Map<string, Relation>> {
  const folder = part.includes('/') ? posix.dirname(part) : ''
  const path = posix.join(folder, '_rels', `${posix.basename(part)}.rels`)
  if (!zip.has(path)) throw new RefusedCell('broken-file')
  const relations = new Map<string, Relation>()
  for (const tag of elements(await zip.text(path), 'Relationship')) {
    const target = attributeOf(tag, 'Target') ?? ''
    relations.set(attributeOf(tag, 'Id') ?? '', {
      type: attributeOf(tag, 'Type') ?? '',
      target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
    })
  }
  return relations
}
