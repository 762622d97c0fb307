/**
 * Milliseconds before the next attempt after `failures` in a row (from 0): doubles from `min` to at most `max`, the
 * upper half of it by chance (`random` in [0, 1)), so that many waiting rows or bots do not march in step.
 */
export function backoff(failures: number, min: number, max: number, random: number): number {
  const full = Math.min(max, min * 2 ** Math.min(failures, 30))
  return Math.round(full / 2 + (full / 2) * random)
}
