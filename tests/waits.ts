import { vi } from 'vitest'

// How long a test waits for what must come, where it does not say otherwise: long, since the machine may be busy. It is
// the same for `expect.poll` in the configuration.
const patience = { timeout: 10_000, interval: 20 }
const { waitFor } = vi

vi.waitFor = (callback, options) =>
  waitFor(callback, { ...patience, ...(typeof options === 'number' ? { timeout: options } : options) })
