/** Which of the platform messages that some content comes to are to be sent: the first ones may have arrived before. */
export interface PartsWindow {
  from: number
  /** Left out: all that are left. */
  count?: number
}

/** Counts the platform messages of one content, and says of each whether it is to be sent. */
export class PartsCounter {
  private index = 0

  constructor(private readonly window: PartsWindow = { from: 0 }) {}

  /** Whether the message that comes next is wanted. */
  get wanted(): boolean {
    const { from, count = Infinity } = this.window
    return this.index >= from && this.index < from + count
  }

  /** One more has come; whether it is to be sent. */
  next(): boolean {
    const { wanted } = this
    this.index++
    return wanted
  }
}
