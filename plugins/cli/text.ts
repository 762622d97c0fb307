import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export type TextKey = keyof typeof zhCN

export const textKeys = Object.keys(zhCN) as TextKey[]

const texts: Record<TextKey, string> = process.env['SPACE_LOCALE'] === 'en-US' ? enUS : zhCN

/** A sentence of the command line; Chinese unless SPACE_LOCALE says en-US. */
export function text(key: TextKey, params: Record<string, string | number> = {}): string {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** The locale for texts that the core renders. */
export const locale = process.env['SPACE_LOCALE'] === 'en-US' ? 'en-US' : 'zh-CN'
