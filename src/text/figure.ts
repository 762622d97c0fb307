/** Points as people read them: two decimals at most. */
export function rounded(points: number): number {
  return Math.round(points * 100) / 100
}

export function figure(points: number): string {
  return String(rounded(points))
}
