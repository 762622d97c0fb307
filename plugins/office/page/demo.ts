import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import type { DemoPerson } from '@space-assistant/core/office/contract/demo'
import { reactive } from 'vue'
import { ask } from './ask'

const KEPT = 'space-demo'

interface Demo {
  key: string
  people: OfficeAnswer<'demo-people'>['people']
  tour: string[]
  person: DemoPerson
}

/** The demo, when this page was opened by the address that it printed. */
export const demo = reactive<Demo>({
  key: sessionStorage.getItem(KEPT) ?? '',
  people: [],
  tour: [],
  person: 'administrator',
})

/** Takes the key out of the printed address; whether the demo knows it. */
export async function openDemo(key: string): Promise<boolean> {
  const answer = await ask('demo-people', { key })
  if (!answer.ok) return false
  sessionStorage.setItem(KEPT, key)
  Object.assign(demo, { key, ...answer.value })
  return true
}

/** Plays another person: signs in as that one. */
export async function playPerson(person: DemoPerson): Promise<boolean> {
  const answer = await ask('demo-be', { key: demo.key, person })
  if (answer.ok) demo.person = person
  return answer.ok
}
