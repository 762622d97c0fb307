import type { FakeOneBot, SayOptions } from '../platforms/onebot'

/** Somebody in a transcript. */
export interface Speaker {
  id: string
  name: string
}

/** One thing said, and all that the assistant said to it where it was said. */
export interface Exchange {
  speaker: string
  place: string
  said: string
  answers: string[]
}

const patient: SayOptions = { wait: 30_000, quiet: 700 }
/** How long it is listened whether something is said to what is not for the assistant. */
const brief: SayOptions = { wait: 150, quiet: 100 }

/** Plays stories over the fake platform and writes them down. */
export class Teller {
  readonly stories: { title: string; exchanges: Exchange[] }[] = []

  constructor(private readonly fake: FakeOneBot) {}

  begin(title: string): void {
    this.stories.push({ title, exchanges: [] })
  }

  /** Somebody says something in private. */
  async whisper({ id, name }: Speaker, text: string): Promise<string> {
    return this.note(name, '私聊', text, await this.fake.whisper(id, text, patient))
  }

  /** Somebody sends a file in private. */
  async hand({ id, name }: Speaker, file: { name: string; bytes: Uint8Array }): Promise<string> {
    const answers = await this.fake.whisperFile(id, file, { wait: 60_000, quiet: 3000 })
    return this.note(name, '私聊', `[文件 ${file.name}]`, answers)
  }

  /** Somebody says something to the assistant in a group. */
  async ask({ id, name }: Speaker, group: Speaker, text: string): Promise<string> {
    const answers = await this.fake.say(group.id, id, ` ${text}`, { ...patient, at: true })
    return this.note(name, group.name, `@空间助手 ${text}`, answers)
  }

  /** Somebody says something in a group to others. */
  async chat({ id, name }: Speaker, group: Speaker, text: string): Promise<string> {
    return this.note(name, group.name, text, await this.fake.say(group.id, id, text, brief))
  }

  /** The stories as a page. */
  page(head: string): string {
    const parts = this.stories.map(({ title, exchanges }) =>
      [`## ${title}`, ...exchanges.map(exchangeText)].join('\n\n'),
    )
    return `${[head, ...parts].join('\n\n')}\n`
  }

  private note(speaker: string, place: string, said: string, answers: string[]): string {
    this.stories.at(-1)?.exchanges.push({ speaker, place, said, answers })
    return answers.join('\n')
  }
}

function exchangeText({ speaker, place, said, answers }: Exchange): string {
  const lines = [`**${speaker}** (${place}): ${said}`]
  for (const answer of answers) {
    lines.push(
      answer
        .split('\n')
        .map((line) => `> ${line}`)
        .join('  \n'),
    )
  }
  return lines.join('\n\n')
}
