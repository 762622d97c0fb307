import { h } from 'koishi'

/** The text of element markup, without pictures and files. */
export function contentText(markup: string): string {
  return h
    .parse(markup)
    .map((element) => plain(element))
    .join('')
    .trim()
}

function plain({ type, attrs, children }: h): string {
  if (type === 'text') return String(attrs['content'] as string)
  if (type === 'br') return '\n'
  return children.map(plain).join('') + (type === 'p' ? '\n' : '')
}

export function markupOf(text: string): string {
  return h.escape(text)
}
