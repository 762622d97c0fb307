import type { OfficeAnswer, OfficeRequest, OfficeRoute } from '@space-assistant/core/office/contract'
import { ref } from 'vue'
import type { Ref } from 'vue'
import { ask } from './ask'

export interface Acts {
  /** Something is under way: buttons wait for it. */
  busy: Ref<boolean>
  /** The sentence of the last refusal. */
  wrong: Ref<string>
  /** Asks once; what is asked while something is under way is not sent. */
  act<R extends OfficeRoute>(route: R, input: OfficeRequest<R>): Promise<OfficeAnswer<R> | undefined>
}

/** Acts of one screen, one at a time: a second click does nothing, a refusal is kept to be shown. */
export function useActs(after: () => Promise<void> | void = () => undefined): Acts {
  const busy = ref(false)
  const wrong = ref('')
  return {
    busy,
    wrong,
    async act(route, input) {
      if (busy.value) return undefined
      busy.value = true
      const answer = await ask(route, input)
      busy.value = false
      wrong.value = answer.ok ? '' : answer.refusal.text
      await after()
      return answer.ok ? answer.value : undefined
    },
  }
}
