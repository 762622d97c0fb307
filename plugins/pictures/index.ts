import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readGlyphCoverage } from '@space-assistant/core/documents/glyphs'
import { Schema } from 'koishi'
import type { Context } from 'koishi'
import * as commands from './commands'
import { Painter } from './painter'
import { Pictures } from './pictures'

export type { PictureOutcome } from './answer'
export type { PictureAnswer, PictureAsk, PictureContext } from './ask'
export type { Pictures } from './pictures'

declare module 'koishi' {
  interface Context {
    pictures: Pictures
  }
}

export interface Config {
  /** Folder of the two fonts. */
  fonts: string
  /** How many pictures are kept. */
  keep: number
  /** Milliseconds without work after which the thread that paints ends. */
  idleMs: number
}

export const Config: Schema<Config> = Schema.object({
  fonts: Schema.string().default('config/fonts'),
  keep: Schema.natural().min(1).default(24),
  idleMs: Schema.natural().role('ms').min(1).default(60_000),
})

/** Chat platforms take more, but phones on a slow network do not. */
const LIMIT = 1.5 * 2 ** 20

export const name = 'space-pictures'

/** The service that paints. */
export function apply(ctx: Context, { fonts, keep, idleMs }: Config): void {
  const file = (weight: string) => join(resolve(ctx.baseDir, fonts), `NotoSansSC-${weight}.ttf`)
  const painter = new Painter({
    fonts: { regular: file('Regular'), bold: file('Bold') },
    ...{ limit: LIMIT, idleMs },
  })
  const pictures = new Pictures(painter, { coverage: readGlyphCoverage(readFileSync(file('Regular'))), keep })
  ctx.provide('pictures')
  ctx.set('pictures', pictures)
  ctx.on('dispose', () => pictures.stop())
  ctx.plugin(commands)
}
