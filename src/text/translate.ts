/** A sentence of the locales in the language of who reads it: the key names the situation, `params` fill its placeholders. */
export type Translate = (key: string, params?: object) => string
