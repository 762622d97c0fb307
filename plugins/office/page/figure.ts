/** A score as people read it: two places at most, no zeros behind. */
export function shownScore(value: number): string {
  return String(Math.round((value + Number.EPSILON) * 100) / 100)
}

/** A share as per cent, rounded down, so that 99.97 % never reads as 100 %. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${shownScore(Math.floor(share * 1000 + 1e-9) / 10)}%`
}

/** An instant on the clock of the district. */
export function shownMoment(instant: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return parts.format(new Date(instant))
}

/** The instant of a clock of the district, as a field for date and time has it. */
export function instantOfField(local: string): string {
  return new Date(`${local}+08:00`).toISOString()
}
