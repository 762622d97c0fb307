// Words for a sum, which make their row one.
import { Slice } from './setup'
import { find } from './texts'

/** Whether a text is no word for a sum. Of Chinese characters alone a word is what it is; other texts are asked about. */
export function isHarmless(slice: Slice, start: usize, length: u32): bool {
  if (isChinese(start, length, slice.setup.gbk != 0)) return find(slice.setup.totals, start, length) < 0
  if (find(slice.harmless, start, length) >= 0) return true
  slice.asked = start
  slice.askedLength = length
  return false
}

/** Whether a text is of common Chinese characters only. */
export function isChinese(start: usize, length: u32, gbk: bool): bool {
  const end = start + length
  if (gbk) {
    for (; start < end; start += 2) {
      const lead = <u32>load<u8>(start)
      const trail = <u32>load<u8>(start, 1)
      if (lead < 0xb0 || lead > 0xf7 || trail < 0xa1 || trail == 0xff || (lead == 0xd7 && trail > 0xf9))
        return false
    }
  } else {
    for (; start < end; start += 3) {
      const lead = <u32>load<u8>(start)
      const second = <u32>load<u8>(start, 1)
      // U+4E00 to U+9FFF.
      if (lead < 0xe4 || lead > 0xe9 || (lead == 0xe4 && second < 0xb8)) return false
    }
  }
  return start == end
}
