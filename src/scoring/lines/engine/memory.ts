// One memory for all threads: each takes pieces of what nobody has used yet, and nothing is ever given back, because
// the process ends when the scores are written. What is taken is all zeros.

/** Address of the word that says where unused memory begins. */
const UNUSED: usize = 64
/** What a thread takes at a time, to hand it out in smaller parts. */
const PIECE: usize = 1 << 18

let next: usize = 0
let end: usize = 0

/** To be called once, before any thread takes memory. */
export function openMemory(): void {
  atomic.store<u32>(UNUSED, (<u32>__heap_base + 4095) & ~4095)
}

/** Address of so many bytes of zeros, on a boundary of 16. */
export function take(size: usize): usize {
  size = (size + 15) & ~15
  if (next + size <= end) {
    const address = next
    next += size
    return address
  }
  if (size > PIECE >> 2) return takeUnused(size)
  next = takeUnused(PIECE)
  end = next + PIECE
  return take(size)
}

function takeUnused(size: usize): usize {
  const address = atomic.add<u32>(UNUSED, <u32>size)
  const behind = <u64>address + <u64>size
  // Every growth is told to all threads, so it is by 4 MB; what nobody writes to takes no memory.
  const pages = <i32>(((behind + 0x3fffff) >> 22) << 6)
  while (memory.size() < pages) if (memory.grow(pages - memory.size()) < 0) unreachable()
  return address
}
