import { QuestionReader } from '@space-assistant/core/ranking/question'
import { Vocabulary } from '@space-assistant/core/ranking/question-vocabulary'
import type { Context } from 'koishi'

/** The reader of questions for the scheme and roster of now; made again after one of them changed. */
export class Readers {
  private reader: QuestionReader | undefined

  constructor(private readonly ctx: Context) {
    const forget = () => void (this.reader = undefined)
    ctx.on('space/roster-changed', forget)
    ctx.on('space/schemes-changed', forget)
  }

  get current(): QuestionReader {
    return (this.reader ??= this.make())
  }

  private make(): QuestionReader {
    const { schemes, roster } = this.ctx
    return new QuestionReader(
      new Vocabulary({
        words: schemes.words,
        scheme: schemes.active,
        stages: schemes.headers.stages,
        schools: roster.schools(),
      }),
    )
  }
}
