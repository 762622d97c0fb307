let codes: Map<number, number> | undefined

/** Text as GBK bytes, as Chinese Excel writes its .csv; characters outside GBK become question marks. */
export function encodeGbk(text: string): Uint8Array {
  codes ??= pairs()
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0)!
    const pair = codes.get(point)
    if (point < 0x80) bytes.push(point)
    else if (pair) bytes.push(pair >> 8, pair & 0xff)
    else bytes.push(0x3f)
  }
  return Uint8Array.from(bytes)
}

/** The platform decodes GBK but does not encode it, so the table is what decoding every pair gives. */
function pairs(): Map<number, number> {
  const decoder = new TextDecoder('gbk')
  const table = new Map<number, number>()
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail))
      const point = text.codePointAt(0)!
      if (text.length === 1 && point !== 0xfffd && !table.has(point)) table.set(point, (lead << 8) | trail)
    }
  }
  return table
}
