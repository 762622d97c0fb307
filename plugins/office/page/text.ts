import { ref, watch } from 'vue'
import zh from './locales/zh-CN.json'

type Texts = typeof zh
type Keys<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Keys<T[K], `${P}${K}.`>
}[keyof T & string]
/** Every text that the page has; one that is missing does not compile. */
export type PageTextKey = Keys<Texts>
export type ShownLocale = 'zh-CN' | 'en-US'

const KEPT = 'space-locale'
const texts = ref<Texts>(zh)

/** The language of the page, as chosen here or as the browser says. */
export const pageLocale = ref<ShownLocale>(keptLocale())

watch(
  pageLocale,
  async (chosen) => {
    texts.value = chosen === 'zh-CN' ? zh : (await import('./locales/en-US.json')).default
    document.documentElement.lang = chosen
    localStorage.setItem(KEPT, chosen)
  },
  { immediate: true },
)

/** A text with what belongs into its places. */
export function t(key: PageTextKey, params: Record<string, string | number> = {}): string {
  let found: unknown = texts.value
  for (const part of key.split('.')) found = (found as Record<string, unknown>)[part]
  return String(found).replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
}

function keptLocale(): ShownLocale {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'zh-CN' || kept === 'en-US') return kept
  return navigator.language.startsWith('en') ? 'en-US' : 'zh-CN'
}
