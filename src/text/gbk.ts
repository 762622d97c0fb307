/**
 * Writes text as GBK bytes, as Chinese Excel writes its .csv; characters outside GBK become question marks. Making one
 * takes some milliseconds, so make it once for many texts.
 */
export function makeGbkEncoder(): (text: string) => Uint8Array {
  const codes = gbkPairs()
  return (text) => {
    const bytes: number[] = []
    for (const character of text) {
      const pair = codes.get(character)
      if (character < '\x80') bytes.push(character.charCodeAt(0))
      else if (pair) bytes.push(pair >> 8, pair & 0xff)
      else bytes.push(0x3f)
    }
    return Uint8Array.from(bytes)
  }
}

/** One text as GBK bytes. */
export function encodeGbk(text: string): Uint8Array {
  return makeGbkEncoder()(text)
}

/** The platform decodes GBK but does not encode it, so the table is what decoding every pair gives. */
function gbkPairs(): Map<string, number> {
  const decoder = new TextDecoder('gbk')
  const table = new Map<string, number>()
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    // A line end behind each pair keeps a broken one from taking the next one's first byte.
    const row = Uint8Array.from({ length: (0xff - 0x40) * 3 }, (_, at) =>
      at % 3 === 0 ? lead : at % 3 === 1 ? 0x40 + (at - 1) / 3 : 0x0a,
    )
    for (const [at, character] of decoder.decode(row).split('\n').entries()) {
      if (character.length !== 1 || character === '\ufffd' || table.has(character)) continue
      table.set(character, (lead << 8) | (0x40 + at))
    }
  }
  return table
}
