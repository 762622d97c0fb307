import { TextDecoder } from 'node:util'
import { Parser } from 'htmlparser2'
import { RefusedCell } from './cells'

/** Attributes of an element as they are written, with prefixes; read them with `attributeOf`. */
export type XmlAttributes = Readonly<Record<string, string>>

/** What a reader of XML wants to know; names come without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: XmlAttributes): void
  text?(text: string): void
  close?(name: string): void
}

/** No element, comment or text of a workbook is longer than this many characters without a tag in between. */
const LONGEST = 8 * 2 ** 20
const DEEPEST = 200
/** Where other programs keep what is theirs, under whatever names: nothing in it is of the table. */
const EXTENSIONS = 'extLst'

/**
 * An XML part that comes in pieces of bytes in any encoding. The events of a piece have happened when `write` returns.
 * Refuses as a broken file what is cut off, and document types, which are never needed here and how entity bombs begin.
 * What stands in lists of extensions is passed over.
 */
export class XmlPush {
  readonly #parser: Parser
  #decoder: TextDecoder | undefined
  #silent = 0
  #depth = 0
  /** How deep the list of extensions stands that is being passed over. */
  #passed = Infinity
  #isAtEnd = false
  /** A return at the end of a piece, which may be half of a line end. */
  #kept = ''

  constructor(handler: XmlHandler) {
    const heard = () => void (this.#silent = 0)
    let justOpened = false
    const events = {
      onopentag: (name: string, attributes: Record<string, string>) => {
        heard()
        justOpened = true
        if (++this.#depth > DEEPEST) throw new RefusedCell('broken-file')
        const local = localName(name)
        if (local === EXTENSIONS && this.#passed > this.#depth) this.#passed = this.#depth
        if (this.#depth < this.#passed) handler.open?.(local, attributes)
      },
      onclosetag: (name: string, implied: boolean) => {
        heard()
        this.#depth--
        // The parser closes an element such as <row/> by itself, and all that are still open at the end.
        if (this.#isAtEnd || (implied && !justOpened)) throw new RefusedCell('broken-file')
        justOpened = false
        if (this.#depth + 1 < this.#passed) handler.close?.(localName(name))
        else if (this.#depth + 1 === this.#passed) this.#passed = Infinity
      },
      onprocessinginstruction: (name: string, data: string) => {
        // The parser ends an instruction at the first `>`: one that holds it would become text.
        if (name.startsWith('!') || !data.endsWith('?')) throw new RefusedCell('broken-file')
      },
      ...(handler.text && {
        ontext: (text: string) => {
          if (this.#depth < this.#passed) handler.text?.(text)
        },
      }),
    }
    this.#parser = new Parser(events, { xmlMode: true, decodeEntities: true })
  }

  write(piece: Uint8Array): void {
    this.#decoder ??= decoderFor(piece)
    this.#silent += piece.length
    this.#parser.write(this.#withLineFeeds(decode(this.#decoder, piece)))
    if (this.#silent > LONGEST) throw new RefusedCell('broken-file')
  }

  end(): void {
    if (!this.#decoder) throw new RefusedCell('broken-file')
    this.#parser.write(this.#kept.replace('\r', '\n') + decode(this.#decoder))
    this.#isAtEnd = true
    this.#parser.end()
  }

  /** A line ends with a line feed in whatever reads XML (XML 1.0, 2.11), which this parser leaves to others. */
  #withLineFeeds(piece: string): string {
    if (!this.#kept && !piece.includes('\r')) return piece
    const text = this.#kept + piece
    this.#kept = text.endsWith('\r') ? '\r' : ''
    return (this.#kept ? text.slice(0, -1) : text).replace(/\r\n?/g, '\n')
  }
}

/** Reads a small part whole. */
export async function readXml(pieces: AsyncIterable<Uint8Array>, handler: XmlHandler): Promise<void> {
  const xml = new XmlPush(handler)
  let size = 0
  for await (const piece of pieces) {
    size += piece.length
    if (size > LONGEST) throw new RefusedCell('broken-file')
    xml.write(piece)
  }
  xml.end()
}

/** The value of an attribute, whatever its prefix. */
export function attributeOf(attributes: XmlAttributes, name: string): string | undefined {
  const own = attributes[name]
  if (own !== undefined) return own
  const ending = `:${name}`
  for (const key in attributes) if (key.endsWith(ending)) return attributes[key]
  return undefined
}

/** The `_x000D_` with which spreadsheets write control characters in a text, put back. */
export function cellText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

/** By byte order mark, else by the zero bytes of UTF-16, else what the declaration says, else UTF-8. */
function decoderFor(piece: Uint8Array): TextDecoder {
  try {
    return new TextDecoder(encodingOfXml(piece), { fatal: true })
  } catch {
    throw new RefusedCell('broken-file')
  }
}

function encodingOfXml(piece: Uint8Array): string {
  const [first, second] = piece
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0x3c && second === 0) return 'utf-16le'
  if (first === 0 && second === 0x3c) return 'utf-16be'
  const start = new TextDecoder('latin1').decode(piece.subarray(0, 200))
  const stated = /^[^<]{0,3}<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1]
  // Who states UTF-16 in single bytes is wrong.
  return stated && !/^utf-?16/i.test(stated) ? stated : 'utf-8'
}

function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
  } catch {
    throw new RefusedCell('broken-file')
  }
}
