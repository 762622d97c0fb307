import type { Context } from 'koishi'
import type {} from '@koishijs/plugin-server'

/** A request and its answer, as the framework's server hands them to a route. */
export type HttpExchange = Parameters<
  Parameters<Context['server']['get']>[1] extends infer M ? Extract<M, (...args: never[]) => unknown> : never
>[0]
