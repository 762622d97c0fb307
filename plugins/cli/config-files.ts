import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './house'

/** A scheme file, or the name of one as SCHEME in .env has it; of two of that name the one in config/local counts. */
export function findSchemeFile(given: string): string {
  if (existsSync(given) || !/^[\w-]+$/.test(given)) return given
  const known = ['config/local/schemes', 'config/schemes'].map((folder) => join(root, folder, `${given}.yml`))
  return known.find((file) => existsSync(file)) ?? given
}

/** The texts of a file of config/ and of that of the same name in config/local, as far as there are. */
export function readConfigPair(name: string) {
  const [base, local] = [`config/${name}`, `config/local/${name}`].map(readSource)
  return { base, local }
}

function readSource(name: string): { file: string; text: string } | undefined {
  const file = join(root, name)
  if (!existsSync(file)) return undefined
  return { file: relative(root, file), text: readFileSync(file, 'utf8') }
}
