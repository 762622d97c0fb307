const plain = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/**
 * The things that a list of names picks out of labelled ones, in the order of the things: by the whole label or by what
 * stands before its first bracket. The first name that picks nothing is given back instead.
 */
export function pickNamed<T extends { label: string }>(
  things: readonly T[],
  text: string,
  separators: readonly string[],
): { picked: T[] } | { unknown: string } {
  const [mark = ',', ...others] = separators
  let list = text.normalize('NFKC')
  for (const separator of others) list = list.replaceAll(separator.normalize('NFKC'), mark)
  const picked = new Set<T>()
  for (const name of list.split(mark).map(plain).filter(Boolean)) {
    const found = things.filter(({ label }) =>
      [plain(label), plain(label).replace(/\(.*$/, '')].includes(name),
    )
    if (!found.length) return { unknown: name.slice(0, 20) }
    for (const each of found) picked.add(each)
  }
  return { picked: things.filter((each) => picked.has(each)) }
}

/** One page of a list, pages counted from 1; a page beyond the last is the last. */
export function cutPage<T>(
  items: readonly T[],
  page: number,
  size: number,
): { items: T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(items.length / size))
  const shown = Math.min(Math.max(1, page), pages)
  return { items: items.slice((shown - 1) * size, shown * size), page: shown, pages }
}
