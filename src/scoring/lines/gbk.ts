let codes: Map<string, number> | undefined

/** Bytes of a text in GBK, or undefined when a character is not in its two-byte part. */
export function encodeGbk(text: string): Uint8Array | undefined {
  codes ??= makeCodes()
  const bytes: number[] = []
  for (const character of text) {
    const code = character.charCodeAt(0) < 128 ? character.charCodeAt(0) : codes.get(character)
    if (code === undefined) return
    if (code > 255) bytes.push(code >> 8)
    bytes.push(code & 255)
  }
  return Uint8Array.from(bytes)
}

/** The platform decodes GBK but does not encode it, so the table is turned round: every pair of bytes is decoded once. */
function makeCodes(): Map<string, number> {
  const bytes: number[] = []
  const pairs: number[] = []
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue
      pairs.push((lead << 8) | trail)
      bytes.push(lead, trail, 10)
    }
  }
  const found = new Map<string, number>()
  const characters = new TextDecoder('gb18030').decode(Uint8Array.from(bytes)).split('\n')
  for (const [index, pair] of pairs.entries()) {
    const character = characters[index]!
    if (character.length === 1 && character !== '\ufffd' && !found.has(character)) found.set(character, pair)
  }
  return found
}
