import type { Day } from '../calendar/day'

/**
 * Days of one member on one indicator, rising, with their counts: two columns, used again and again, that are filled
 * from their end towards their beginning. What is read lies from `start` to `end`, and stays there as more is read.
 */
export class DayList {
  days = new Int32Array(512)
  counts = new Float64Array(512)
  start = 512
  end = 512

  /** Empties it and makes room for so many days. */
  begin(most: number): void {
    if (most > this.days.length) {
      this.days = new Int32Array(most * 2)
      this.counts = new Float64Array(most * 2)
    }
    this.start = this.days.length
    this.end = this.start
  }

  /** Where the first day from `day` on is; `end` when there is none. */
  find(day: Day): number {
    const { days } = this
    let low = this.start
    let high = this.end
    while (low < high) {
      const middle = (low + high) >> 1
      if (days[middle]! < day) low = middle + 1
      else high = middle
    }
    return low
  }
}
