import { locale } from '../text'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export const words = locale === 'en-US' ? enUS : zhCN

/** A sentence with its `{params}` filled in. */
export function fillScoreText(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** Something that the person at the command line can put right; the message is the sentence to show. */
export class ScoreRefusal extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message)
  }
}

/** Why the operating system would not read or write, in words; what is missing is a file, or a folder to write to. */
export function reasonOf(error: unknown, missing: 'file' | 'folder' = 'file'): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (missing === 'folder' && (code === 'ENOENT' || code === 'ENOTDIR')) return words['no-folder']
  const known: Record<string, string> = words.reason
  return known[code] ?? (error instanceof Error ? error.message : String(error))
}

/** Exit codes: something is wrong with a file, or with the command line itself. */
export const refuseScore = 1
export const usage = 2
