/** What a file is, and the ending that says so. */
export interface TicketMedia {
  type: string
  ending: string
}

const starts: readonly (readonly [bytes: readonly (number | undefined)[], media: TicketMedia])[] = [
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], { type: 'image/png', ending: 'png' }],
  [[0xff, 0xd8, 0xff], { type: 'image/jpeg', ending: 'jpg' }],
  [[0x47, 0x49, 0x46, 0x38], { type: 'image/gif', ending: 'gif' }],
  [
    [0x52, 0x49, 0x46, 0x46, undefined, undefined, undefined, undefined, 0x57, 0x45, 0x42, 0x50],
    { type: 'image/webp', ending: 'webp' },
  ],
  [[0x25, 0x50, 0x44, 0x46], { type: 'application/pdf', ending: 'pdf' }],
  [
    [undefined, undefined, undefined, undefined, 0x66, 0x74, 0x79, 0x70],
    { type: 'video/mp4', ending: 'mp4' },
  ],
]

const office = {
  'xl/workbook.xml': {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ending: 'xlsx',
  },
  'word/document.xml': {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ending: 'docx',
  },
} as const

/**
 * What a file is, by its bytes and never by its name: pictures, PDF, short films, Word and Excel. Everything else,
 * programs and web pages above all, is not kept.
 */
export function typeOf(bytes: Uint8Array): TicketMedia | undefined {
  const found = starts.find(([start]) => start.every((byte, at) => byte === undefined || bytes[at] === byte))
  if (found) return found[1]
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return undefined
  // The names of a package's parts stand in it as they are.
  const text = Buffer.from(bytes).toString('latin1')
  if (!text.includes('[Content_Types].xml')) return undefined
  return Object.entries(office).find(([part]) => text.includes(part))?.[1]
}
