import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Engine } from '@space-assistant/core/scoring/lines/engine'

export const engineFile = resolve(__dirname, '../../src/scoring/lines/engine/engine.wasm')
let compiled: Promise<WebAssembly.Module> | undefined

/** An engine with a memory of its own. */
export async function openEngine(): Promise<Engine> {
  compiled ??= WebAssembly.compile(readFileSync(engineFile))
  return Engine.open(await compiled)
}
