// Sets the calendar of a process that a test starts to the time in SPACE_TEST_NOW: the activity of the samples lies in a
// year that has passed. Timers are not touched.
'use strict'
const RealDate = Date
const shift = RealDate.parse(process.env.SPACE_TEST_NOW) - RealDate.now()
const now = () => RealDate.now() + shift
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, made) =>
    Reflect.construct(target, args.length ? args : [now()], made === globalThis.Date ? target : made),
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
})
