import type { Context } from 'koishi'
import type { Names } from './reading'

const chinese = /^\p{Script=Han}+$/u

/** The names of all commands and their aliases, gathered again after one was added or removed. */
export class CommandNames implements Names {
  private known: Set<string> | undefined

  constructor(private readonly ctx: Context) {
    const forget = () => void (this.known = undefined)
    ctx.on('command-added', forget)
    ctx.on('command-updated', forget)
    ctx.on('command-removed', forget)
  }

  has(name: string): boolean {
    return this.gather().has(name)
  }

  beginning(text: string): string | undefined {
    return this.all()
      .filter((name) => text.startsWith(name))
      .sort((a, b) => b.length - a.length)[0]
  }

  /** Those that people type: in Chinese characters. */
  all(): string[] {
    return [...this.gather()].filter((name) => chinese.test(name))
  }

  private gather(): Set<string> {
    // An alias may be registered just after its command was announced, so an empty moment is not kept.
    this.known ??= new Set(
      this.ctx.$commander._commandList.flatMap((command) => Object.keys(command._aliases)),
    )
    return this.known
  }
}
