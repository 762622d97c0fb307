import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './sources'

export const languages = ['zh-CN', 'en-US']

/** The texts of a folder's file in a language by their keys, the parts of a key with dots between. */
export function textsIn(folder: string, language: string): Map<string, string> {
  const file = join(root, folder, `${language}.json`)
  const found = new Map<string, string>()
  const visit = (value: unknown, path: string) => {
    if (typeof value === 'string') found.set(path, value)
    else if (value && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) visit(inner, path ? `${path}.${key}` : key)
    }
  }
  if (existsSync(file)) visit(JSON.parse(readFileSync(file, 'utf8')), '')
  return found
}
