import type { PageTopic } from '@space-assistant/core/office/topics'
import { onScopeDispose } from 'vue'

let source: EventSource | undefined
const heard = new Map<PageTopic, Set<(data: string) => void>>()

/** Listens to the bot for as long as somebody is signed in. */
export function listen(): void {
  source?.close()
  source = new EventSource('/api/events')
  for (const topic of heard.keys()) attach(topic)
}

export function stopListening(): void {
  source?.close()
  source = undefined
}

/** Calls back when something is new; ends with the component. */
export function onNews(topic: PageTopic, tell: (data: string) => void): void {
  const tellers = heard.get(topic) ?? new Set()
  if (!heard.has(topic)) {
    heard.set(topic, tellers)
    attach(topic)
  }
  tellers.add(tell)
  onScopeDispose(() => tellers.delete(tell))
}

function attach(topic: PageTopic): void {
  source?.addEventListener(topic, (event) => {
    for (const tell of heard.get(topic) ?? []) tell((event as MessageEvent<string>).data)
  })
}
