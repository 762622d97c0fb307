import OpenAI from 'openai'
import type { UnderstandingContext } from '@space-assistant/core/understanding/context'
import type { Intent } from '@space-assistant/core/understanding/intent'
import { readModelAnswer } from '@space-assistant/core/understanding/model-answer'
import { makeModelRequest } from '@space-assistant/core/understanding/model-request'
import type { ModelRequest } from '@space-assistant/core/understanding/model-request'

/** A language model of the bureau's own choice behind the interface that most servers offer; off without an address. */
export interface ModelConfig {
  baseUrl: string
  apiKey: string
  model: string
  /** Most requests in one hour. */
  perHour: number
  /** Milliseconds until a request is given up. */
  patience: number
}

const hourMs = 3_600_000
const badRequest = 400

/** Asks a language model what a message may ask. It sees no name and no figure, and its answer is only an intent. */
export class LanguageModel {
  private readonly client: OpenAI | undefined
  private asked: number[] = []
  /** Servers that know no schema are asked for plain JSON. */
  private knowsSchema = true

  constructor(
    private readonly config: ModelConfig,
    private readonly warn: (what: string) => void,
  ) {
    const { baseUrl: baseURL, apiKey, model, patience } = config
    if (!baseURL || !model) return
    this.client = new OpenAI({ baseURL, apiKey: apiKey || 'none', timeout: patience, maxRetries: 0 })
  }

  /** What the message may ask; undefined when the model is off, late, out of its mind or used up. */
  async read(
    text: string,
    { whole, permitted }: { whole: UnderstandingContext; permitted: UnderstandingContext },
  ): Promise<readonly Intent[] | undefined> {
    if (!this.client || !this.takeTurn()) return undefined
    const request = makeModelRequest(text, whole)
    try {
      const answer = await this.ask(request, AbortSignal.timeout(this.config.patience))
      const intents = readModelAnswer(answer, request.placeholders, permitted)
      return intents?.some(({ intent }) => intent !== 'none') ? intents : undefined
    } catch (error) {
      // Its message may hold what was asked.
      this.warn(error instanceof Error ? error.name : 'error')
      return undefined
    }
  }

  private takeTurn(): boolean {
    const now = Date.now()
    this.asked = this.asked.filter((at) => at > now - hourMs)
    if (this.asked.length >= this.config.perHour) return false
    this.asked.push(now)
    return true
  }

  private async ask(request: ModelRequest, signal: AbortSignal): Promise<string> {
    try {
      return await this.complete(request, signal)
    } catch (error) {
      if (!this.knowsSchema || !(error instanceof OpenAI.APIError) || error.status !== badRequest) throw error
      this.knowsSchema = false
      return await this.complete(request, signal)
    }
  }

  private async complete({ system, user, schema }: ModelRequest, signal: AbortSignal): Promise<string> {
    const told = this.knowsSchema ? system : `${system}\n${JSON.stringify(schema)}`
    const completion = await this.client?.chat.completions.create(
      {
        model: this.config.model,
        temperature: 0,
        messages: [
          { role: 'system', content: told },
          { role: 'user', content: user },
        ],
        response_format: this.knowsSchema
          ? { type: 'json_schema', json_schema: { name: 'intents', schema } }
          : { type: 'json_object' },
      },
      { signal },
    )
    return completion?.choices[0]?.message.content ?? ''
  }
}
