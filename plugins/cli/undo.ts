import { parseArgs } from 'node:util'
import { leave, unconfirmed } from './ask'
import { shellViewer, withServices } from './services'
import { locale, text } from './text'

/** `space undo NUMBER`: takes an import back; what later ones brought stays. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { yes: { type: 'boolean', short: 'y', default: false } },
  })
  const [number = ''] = positionals
  if (positionals.length !== 1 || !/^[1-9]\d{0,8}$/.test(number)) {
    process.stderr.write(`${text('undo-no-number')}\n`)
    return 2
  }
  const id = Number(number)
  return withServices(['imports', 'database'], async ({ imports }) => {
    const reason = await unconfirmed(text('undo-ask', { id }), values.yes)
    if (reason) return leave(reason)
    const undone = await imports.undo(id, shellViewer, process.env['USER'] ?? '')
    if (!undone.ok) {
      const unknown = undone.code === 'no-such-import'
      process.stderr.write(`${unknown ? text('undo-no-such', { id }) : imports.explain(undone, locale)}\n`)
      return 1
    }
    process.stdout.write(`${text('undo-done', { id, kind: text(`kind-${undone.value.kind}`) })}\n`)
    return 0
  })
}
