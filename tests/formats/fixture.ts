import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { writeXlsx } from 'hucre'
import type { CellValue } from 'hucre'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { parseFile } from '@space-assistant/core/formats/parse'
import type { ParseOptions } from '@space-assistant/core/formats/parse'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { ParsedFile, FileRefusal } from '@space-assistant/core/formats/rows'
import { loadScheme } from '@space-assistant/core/scheme/loader'

const config = resolve(import.meta.dirname, '../../config')
export const headers = parseHeaders(readFileSync(`${config}/headers.yml`, 'utf8'), 'config/headers.yml')
const loaded = loadScheme(readFileSync(`${config}/schemes/xinzhou-2022.yml`, 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('xinzhou-2022.yml is not valid')
export const scheme = loaded.value

export function parse(
  bytes: Uint8Array,
  options: Partial<ParseOptions> = {},
): Promise<ParsedFile | FileRefusal> {
  return parseFile(bytes, { headers, scheme, ...options })
}

export async function parsed<K extends ParsedFile['kind']>(
  kind: K,
  bytes: Uint8Array,
  options: Partial<ParseOptions> = {},
): Promise<Extract<ParsedFile, { kind: K }>> {
  const file = await parse(bytes, options)
  if (file.kind === 'refusal') throw new Error(describeRowProblem(file))
  if (file.kind !== kind) throw new Error(`${file.kind}, not ${kind}`)
  return file as Extract<ParsedFile, { kind: K }>
}

export async function refusal(bytes: Uint8Array, options: Partial<ParseOptions> = {}): Promise<FileRefusal> {
  const file = await parse(bytes, options)
  if (file.kind !== 'refusal') throw new Error(`understood as ${file.kind}: ${JSON.stringify(file.problems)}`)
  return file
}

export function csv(...rows: (string | number)[][]): Uint8Array {
  return Buffer.from(rows.map((row) => row.join(',')).join('\r\n') + '\r\n')
}

export function xlsx(...rows: CellValue[][]): Promise<Uint8Array> {
  return writeXlsx({ sheets: [{ name: 'Sheet1', rows }] })
}

const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** The parts of a minimal workbook around the text of its only sheet. */
export function bookParts(
  sheet: string,
  more: Record<string, string | Buffer> = {},
): Record<string, string | Buffer> {
  const shared =
    'xl/sharedStrings.xml' in more
      ? `<Relationship Id="rId2" Type="${rel}/sharedStrings" Target="sharedStrings.xml"/>`
      : ''
  return {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns:r="${rel}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/>${shared}</Relationships>`,
    'xl/worksheets/sheet1.xml': sheet,
    ...more,
  }
}

/** A sheet of inline strings and numbers; a cell may also be given as ready XML (beginning with `<`). */
export function sheetXml(rows: (string | number | null)[][], after = ''): string {
  const cell = (value: string | number | null, at: string) => {
    if (value === null) return ''
    if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`
    if (value.startsWith('<')) return value.replace('<c', `<c r="${at}"`)
    return `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`
  }
  const line = (row: (string | number | null)[], r: number) =>
    `<row r="${r + 1}">${row.map((value, c) => cell(value, `${String.fromCharCode(65 + c)}${r + 1}`)).join('')}</row>`
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>${rows.map(line).join('')}</sheetData>${after}</worksheet>`
}

/** A zip archive by hand, so that its headers can lie. A Buffer is taken as already deflated; `crc` spares unpacking it. */
export function zip(
  parts: Record<string, string | Buffer>,
  lies: { unpacked?: number; crc?: number } = {},
): Uint8Array {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(parts)) {
    const data = typeof content === 'string' ? deflateRawSync(content) : content
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(data.length, 18)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(8, 10)
    central.writeUInt32LE(
      lies.crc ?? crc32(typeof content === 'string' ? content : inflateRawSync(content)),
      16,
    )
    central.writeUInt32LE(data.length, 20)
    central.writeUInt32LE(lies.unpacked ?? content.length, 24)
    central.writeUInt16LE(Buffer.byteLength(name), 28)
    central.writeUInt32LE(offset, 42)
    files.push(local, Buffer.from(name), data)
    directory.push(central, Buffer.from(name))
    offset += 30 + Buffer.byteLength(name) + data.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(directory.length / 2, 8)
  end.writeUInt16LE(directory.length / 2, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, ...directory, end])
}
