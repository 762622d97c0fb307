/** From where the page may be asked. */
export interface PageAddresses {
  /** The address that people type, with its scheme (`https://space.example.cn`); '' for this machine only. */
  url: string
  port: number
}

const loopback = ['127.0.0.1', 'localhost', '[::1]']

/**
 * The origins that the page has: the public address, and this machine. Whatever else a browser names as host or origin
 * is another site, or a name that was pointed here to get around the browser's rules.
 */
export function pageOrigins({ url, port }: PageAddresses): string[] {
  const own = url ? [new URL(url).origin] : []
  return [...own, ...loopback.map((name) => new URL(`http://${name}:${port}`).origin)]
}

/** Whether a Host header names the page. */
export function isPageHost(host: string | undefined, addresses: PageAddresses): boolean {
  return (
    host !== undefined && pageOrigins(addresses).some((origin) => new URL(origin).host === host.toLowerCase())
  )
}

/** Whether an Origin header is the page's own, as it is asked under this Host. */
export function isPageOrigin(
  origin: string | undefined,
  host: string | undefined,
  addresses: PageAddresses,
): boolean {
  if (origin === undefined || host === undefined) return false
  return pageOrigins(addresses).includes(origin) && new URL(origin).host === host.toLowerCase()
}

/**
 * The address that a request comes from: the socket's, or what the last of so many trusted proxies says it saw. Without
 * that setting nobody is believed, as anybody can send the header.
 */
export function requestAddress(
  socket: string | undefined,
  forwarded: string | undefined,
  proxies: number,
): string {
  const seen = (forwarded ?? '').split(',').map((each) => each.trim())
  const named = proxies > 0 ? seen.at(-proxies) : undefined
  return named || socket || ''
}
