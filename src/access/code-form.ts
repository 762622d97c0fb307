/** How a one-time code of eight characters is shown everywhere, XXXX-XXXX: groups of four are easier to copy. */
export function showCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}
