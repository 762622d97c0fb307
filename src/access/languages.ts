/** The languages in which there are texts, as the locales call them. */
export const spokenLanguages = ['zh-CN', 'en-US'] as const
export type SpokenLanguage = (typeof spokenLanguages)[number]
