import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { overlayConfig, overlayFolder } from '@space-assistant/core/configuration/overlay'
import type { ConfigSource, OverlaidFolder } from '@space-assistant/core/configuration/overlay'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import type { Headers } from '@space-assistant/core/formats/headers'
import { ConfigError } from '@space-assistant/core/scheme/problem'
import { readConfigPair } from './config-files'
import { root } from './house'

/** The words of headers.yml with those of config/local laid over them. Throws a ConfigError. */
export function mergeHeaders(base: ConfigSource | undefined, local: ConfigSource | undefined): Headers {
  const merged = overlayConfig(base, local)
  if (!merged.ok) throw new ConfigError(merged.problems)
  return parseHeaders(merged.value?.text ?? '', merged.value?.file ?? 'config/headers.yml')
}

export function readLocalHeaders(): Headers {
  const { base, local } = readConfigPair('headers.yml')
  return mergeHeaders(base, local)
}

/** Every yml of a folder config/ with its local/ laid over it; `shown` stands before the names in messages. */
export function readConfigFolder(folder = join(root, 'config'), shown = 'config'): OverlaidFolder {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => ({ file: name.replaceAll(sep, '/'), text: readFileSync(join(folder, name), 'utf8') }))
  return overlayFolder(sources, shown)
}
