/** One block of commands, settings or messages of the README, with what it says is seen after it. */
export interface ReadmeBlock {
  language: string
  text: string
  seen: string[]
}

export interface ReadmeStep {
  title: string
  blocks: ReadmeBlock[]
}

/** The part of a page below a heading of the second level. */
export function sectionOf(page: string, heading: string): string {
  const from = page.indexOf(`\n## ${heading}\n`)
  if (from < 0) throw new Error(`there is no section "${heading}"`)
  const rest = page.slice(from + 1)
  const end = rest.indexOf('\n## ', 1)
  return end < 0 ? rest : rest.slice(0, end)
}

/** Steps are headings of the third level. */
export function readSteps(section: string): ReadmeStep[] {
  return section
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n')
      return { title, blocks: readBlocks(lines.join('\n')) }
    })
}

function readBlocks(text: string): ReadmeBlock[] {
  return text
    .split(/^```(?=[a-z]+$)/m)
    .slice(1)
    .map((part) => {
      const [language = '', body = '', after = ''] =
        /^([a-z]+)\n([\s\S]*?)\n```\n([\s\S]*)$/.exec(part)?.slice(1) ?? []
      return { language, text: body, seen: seenIn(after) }
    })
}

/** What stands in backquotes behind "you see", up to the end of the sentence. */
export function seenIn(text: string): string[] {
  const seen: string[] = []
  let collecting = false
  text.split('`').forEach((part, index) => {
    if (index % 2) {
      if (collecting) seen.push(part)
      return
    }
    const begins = Math.max(part.lastIndexOf('看到'), part.lastIndexOf('you see'))
    const ends = Math.max(part.lastIndexOf('。'), part.lastIndexOf(';'), part.lastIndexOf('；'))
    if (begins > ends) collecting = true
    else if (ends >= 0) collecting = false
  })
  return seen
}
