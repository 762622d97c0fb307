/** Rows have ids against expectation, or none; ids repeat across odd lines; lines are not rows. */
export type Reason = 'ids' | 'no-ids' | 'order' | 'lines'

/** The file is not what it seemed to be; read it another way. */
export class Unusual extends Error {
  constructor(readonly reason: Reason) {
    super(reason)
  }
}
