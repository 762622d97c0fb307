/** A name as strangers may read it: exactly the first character, then one star; also for double surnames. */
export function maskName(name: string): string {
  // Code points, not UTF-16 units: rare characters take two units.
  const first = Array.from(name.trim())[0]
  return `${first ?? ''}*`
}
