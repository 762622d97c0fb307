import { setFlagsFromString } from 'node:v8'

/**
 * Collects garbage as soon as the heap is a tenth larger than what was in use. The engine would wait until it is a
 * multiple of that, and most of what is in use is the board, which never becomes garbage.
 */
export function keepHeapTight(): void {
  setFlagsFromString('--heap-growing-percent=10')
}
