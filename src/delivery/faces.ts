import words from './faces.json'

/** What stands in a text for a face of the platform's own, which nobody else can show. */
export const faceText: string = words.shown

/** A text as it is understood: a face says nothing. */
export function withoutFaces(text: string): string {
  return text.includes(faceText) ? text.replaceAll(faceText, '').trim() : text
}
