import { masks } from './visibility'
import type { Viewer } from './viewer'

/** Somebody to whom an answer is being made; `aside` once it is to be read in private although it was asked in a group. */
export interface AsideReader {
  viewer: Viewer
  aside: boolean
}

/**
 * Takes an answer about persons out of a group that is not their own school's: from here on it is made for the asker in
 * private, with names. A masked row under a name that was typed hides nothing, and a school, a surname and a score tell
 * who it is. `school` is a code; without one the persons are of several schools.
 */
export function readAside(reader: AsideReader, school: string | undefined): void {
  const { viewer } = reader
  if (viewer.place.kind === 'private') return
  if (school !== undefined && !masks(viewer, school)) return
  reader.viewer = { ...viewer, place: { kind: 'private' } }
  reader.aside = true
}
