import { RefusedCell } from './cells'

/** `xml2003` is what Excel calls an XML Spreadsheet, `biff` the stream of an old Excel file without a container. */
export type Container = 'zip' | 'ole2' | 'biff' | 'xml2003' | 'html' | 'text'

const signatures: [Container | 'other', number[]][] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['ole2', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['biff', [0x09, 0x08, 0x08, 0x00]],
  ['biff', [0x09, 0x04, 0x06, 0x00]],
  ['biff', [0x09, 0x02, 0x06, 0x00]],
  ['biff', [0x09, 0x00, 0x04, 0x00]],
  ['other', [0x25, 0x50, 0x44, 0x46]], // PDF
  ['other', [0x89, 0x50, 0x4e, 0x47]], // PNG
  ['other', [0xff, 0xd8, 0xff]], // JPEG
  ['other', [0x52, 0x61, 0x72, 0x21]], // RAR
  ['other', [0x37, 0x7a, 0xbc, 0xaf]], // 7z
  ['other', [0x1f, 0x8b]], // gzip
]

const MARKUP = /^\s*<(?:!doctype|!--|\?xml|[a-z][\w:-]*(?:\s[^<>]*)?\/?>)/i

/** What the first bytes say the file is; the name of a file is often wrong and is never looked at. */
export function containerOf(bytes: Uint8Array): Container {
  if (!bytes.length) throw new RefusedCell('empty-file')
  for (const [container, magic] of signatures) {
    if (!magic.every((byte, at) => bytes[at] === byte)) continue
    if (container === 'other') throw new RefusedCell('not-a-table')
    return container
  }
  return markupOf(startOf(bytes))
}

/** The first characters as far as they are ASCII, whatever the encoding. */
function startOf(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 4096).filter((byte) => byte !== 0)
  const marked = start[0] === 0xef ? 3 : (start[0] ?? 0) >= 0xfe ? 2 : 0
  return String.fromCharCode(...start.subarray(marked))
}

function markupOf(start: string): Container {
  if (
    /^\s*(?:mime-version|content-type|from|subject|date)\s*:/i.test(start) &&
    /multipart\/|text\/html/i.test(start)
  )
    throw new RefusedCell('web-page')
  if (!MARKUP.test(start)) return 'text'
  if (/urn:schemas-microsoft-com:office:spreadsheet/i.test(start) && /<(?:\w+:)?workbook\b/i.test(start))
    return 'xml2003'
  return 'html'
}
