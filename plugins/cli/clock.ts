/**
 * Sets this process's calendar back or forth: the demo's activity lies in a year that has passed, and every
 * question about this week must find it. Timers are not touched; time goes on from the given instant.
 */
export function setClock(to: Date): void {
  const RealDate = Date
  const shift = to.getTime() - RealDate.now()
  const now = () => RealDate.now() + shift
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], made: new () => object) =>
      Reflect.construct(
        target,
        args.length ? args : [now()],
        made === globalThis.Date ? target : made,
      ) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  })
}
