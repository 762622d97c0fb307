import { createHash } from 'node:crypto'
import { drawableText } from '@space-assistant/core/documents/glyphs'
import type { GlyphCoverage } from '@space-assistant/core/documents/glyphs'
import { mapPictureTexts } from '@space-assistant/core/pictures/shape'
import type { Picture } from '@space-assistant/core/pictures/shape'
import { answerPicture } from './answer'
import type { PictureOutcome } from './answer'
import type { PictureAsk, PictureContext } from './ask'
import type { Painter } from './painter'

/** `ctx.pictures`: lists of shapes become files. */
export class Pictures {
  /** The newest last; a picture that is being painted is kept too, so that a hundred who ask at once get one. */
  private readonly kept = new Map<string, Promise<Uint8Array>>()

  constructor(
    private readonly painter: Painter,
    private readonly options: { coverage: GlyphCoverage; keep: number },
  ) {}

  /**
   * The picture as a PNG or JPEG of at most one and a half megabytes. Kept by everything that it shows: data date,
   * window, rules and what is masked are all in it, so no picture is ever shown in place of another.
   */
  paint(picture: Picture): Promise<Uint8Array> {
    const drawable = mapPictureTexts(picture, (text) => drawableText(text, this.options.coverage))
    const key = createHash('sha256').update(JSON.stringify(drawable)).digest('base64')
    const known = this.kept.get(key)
    if (known) return known
    const painted = this.painter.paint(drawable)
    this.kept.set(key, painted)
    painted.catch(() => this.kept.delete(key))
    const [oldest] = this.kept.keys()
    if (this.kept.size > this.options.keep && oldest !== undefined) this.kept.delete(oldest)
    return painted
  }

  /** What a picture shows to this viewer in this place, with its facts in words, or why there is none. */
  answer(context: PictureContext, ask: PictureAsk): PictureOutcome {
    return answerPicture(context, ask)
  }

  stop(): void {
    this.kept.clear()
    this.painter.stop()
  }
}
