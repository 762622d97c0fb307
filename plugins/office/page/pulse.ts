import { onScopeDispose } from 'vue'

const PULSE_MS = 3000

/** Looks again every few seconds for as long as something is under way and somebody looks at the page. */
export function usePulse(isRunning: () => boolean, look: () => Promise<void>): void {
  const timer = setInterval(() => {
    if (!document.hidden && isRunning()) void look()
  }, PULSE_MS)
  onScopeDispose(() => clearInterval(timer))
}
