/** Lets those go on who wait until a bot has logged in. */
export class Logins {
  private readonly waiting = new Set<() => void>()

  /** Resolves once it holds, looked at now and after each login. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.waiting.add(resolve))
  }

  happened(): void {
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }
}
