export interface Patience {
  /** How long to wait for the first reply in ms; give a small number where none is expected. */
  wait?: number
  /** Silence in ms after which a reply counts as complete. */
  quiet?: number
  /** Stop at so many replies at once instead. */
  count?: number
}

/** Collects what a bot says in a place after something happened there. */
export class Replies {
  private readonly listeners = new Set<(place: string, text: string) => void>()

  arrived(place: string, text: string): void {
    for (const listener of this.listeners) listener(place, text)
  }

  after(place: string, patience: Patience, act: () => void): Promise<string[]> {
    const { wait = 3000, quiet = 120, count = Infinity } = patience
    return new Promise((resolve) => {
      const texts: string[] = []
      const finish = () => {
        clearTimeout(timer)
        this.listeners.delete(listener)
        resolve(texts)
      }
      let timer = setTimeout(finish, wait)
      const listener = (where: string, text: string) => {
        if (where !== place) return
        texts.push(text)
        if (texts.length >= count) return finish()
        clearTimeout(timer)
        timer = setTimeout(finish, quiet)
      }
      this.listeners.add(listener)
      act()
    })
  }
}
