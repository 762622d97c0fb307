import { TextDecoder } from 'node:util'
import { RefusedCell } from './cells'

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text of an XML part with its references resolved. Entities that a document declares itself are refused elsewhere. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name) return named[name] ?? whole
      const code = hex ? parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
    },
  )
}

/** Text of a cell: references resolved, and the `_x000D_` with which spreadsheets write control characters. */
export function cellText(text: string): string {
  const plain = unescapeXml(text)
  if (!plain.includes('_x')) return plain
  return plain.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** A document type declaration is never needed here and is how entity bombs begin. */
export function refuseDoctype(text: string): void {
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) throw new RefusedCell('broken-file')
}

/** The opening tags of a name in a small part, whatever their prefix. */
export function elements(xml: string, name: string): string[] {
  refuseDoctype(xml)
  return xml.match(new RegExp(`<(?:\\w+:)?${name}(?=[\\s/>])[^>]*>`, 'g')) ?? []
}

/** The value of an attribute of an opening tag, whatever its prefix. */
export function attributeOf(tag: string, name: string): string | undefined {
  const match = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return match ? unescapeXml(match[1] ?? match[2] ?? '') : undefined
}

/** Comments gone and CDATA sections as escaped text, so that scanners need to know neither. Refuses a doctype. */
export function plainXml(text: string): string {
  refuseDoctype(text)
  return text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, inner: string) =>
      inner.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    )
}

/**
 * Splits an XML part that comes in pieces between elements of the name, whatever their prefix, and hands over texts
 * that hold whole elements only, with the prefix removed. What follows the last one comes at the end.
 */
export async function* wholeElements(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  longest: number,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let carry = ''
  let prefix: string | undefined
  for await (const piece of pieces) {
    decoder ??= decoderFor(piece)
    carry += decode(decoder, piece)
    if (prefix === undefined) {
      const root = /<(?:(\w+):)?\w+[\s>]/.exec(carry)
      if (root) prefix = root[1] ?? ''
    }
    const end = lastEnd(carry, prefix ? `${prefix}:${name}` : name)
    if (end <= 0) {
      if (carry.length > longest) throw new RefusedCell('broken-file')
      continue
    }
    yield unprefixed(carry.slice(0, end), prefix)
    carry = carry.slice(end)
  }
  if (decoder) carry += decode(decoder)
  yield unprefixed(carry, prefix)
}

/** Where the last whole element ends: after a closing tag, or before the opening tag of one that is still open. */
function lastEnd(text: string, name: string): number {
  const closing = `</${name}>`
  const closed = text.lastIndexOf(closing)
  return Math.max(closed < 0 ? 0 : closed + closing.length, text.lastIndexOf(`<${name}`))
}

function decoderFor(piece: Uint8Array): TextDecoder {
  const encoding =
    piece[0] === 0xff && piece[1] === 0xfe
      ? 'utf-16le'
      : piece[0] === 0xfe && piece[1] === 0xff
        ? 'utf-16be'
        : 'utf-8'
  return new TextDecoder(encoding)
}

function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
}

function unprefixed(text: string, prefix: string | undefined): string {
  const plain = text.includes('<!') ? plainXml(text) : text
  return prefix ? plain.replaceAll(`<${prefix}:`, '<').replaceAll(`</${prefix}:`, '</') : plain
}
