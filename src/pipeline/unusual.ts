/** Rows have ids against expectation, an odd line and a plain one may share an id, or lines are not rows. */
export type UnusualReason = 'ids' | 'order' | 'lines'

/** The file is not what it seemed to be; read it another way. */
export class UnusualLines extends Error {
  constructor(readonly reason: UnusualReason) {
    super(reason)
  }
}
