import { RefusedCell } from './cells'

export type Container = 'zip' | 'ole2' | 'text'

const signatures: [Container | 'other', number[]][] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['ole2', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['other', [0x25, 0x50, 0x44, 0x46]], // PDF
  ['other', [0x89, 0x50, 0x4e, 0x47]], // PNG
  ['other', [0xff, 0xd8, 0xff]], // JPEG
  ['other', [0x52, 0x61, 0x72, 0x21]], // RAR
  ['other', [0x37, 0x7a, 0xbc, 0xaf]], // 7z
  ['other', [0x1f, 0x8b]], // gzip
]

/** What the first bytes say the file is; the name of a file is often wrong and is never looked at. */
export function containerOf(bytes: Uint8Array): Container {
  if (!bytes.length) throw new RefusedCell('empty-file')
  for (const [container, magic] of signatures) {
    if (!magic.every((byte, at) => bytes[at] === byte)) continue
    if (container === 'other') throw new RefusedCell('not-a-table')
    return container
  }
  return 'text'
}
