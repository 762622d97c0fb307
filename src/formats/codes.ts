import type zhCN from './locales/zh-CN.json'

/** Why a row is refused. */
export type ProblemCode = keyof typeof zhCN.problem
/** Why a whole file is refused. */
export type FileRefusalCode = keyof typeof zhCN.refusal
