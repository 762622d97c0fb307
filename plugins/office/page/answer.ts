import type {
  OfficeAnswer,
  OfficeRefusal,
  OfficeRequest,
  OfficeRoute,
} from '@space-assistant/core/office/contract'
import type { PageTopic } from '@space-assistant/core/office/topics'
import { ref, shallowRef, watch } from 'vue'
import type { Ref, ShallowRef } from 'vue'
import { account } from './account'
import { ask } from './ask'
import { onNews } from './live'

export interface LiveAnswer<T> {
  value: ShallowRef<T | undefined>
  refusal: Ref<OfficeRefusal | undefined>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/** Asks when the screen opens, when the question changes, when there is news of it, and after signing in again. */
export function useAnswer<R extends OfficeRoute>(
  route: R,
  input: () => OfficeRequest<R> | undefined,
  topics: readonly PageTopic[] = [],
): LiveAnswer<OfficeAnswer<R>> {
  const value = shallowRef<OfficeAnswer<R>>()
  const refusal = ref<OfficeRefusal>()
  const loading = ref(false)
  let turn = 0
  const reload = async () => {
    const asked = input()
    if (asked === undefined) return
    const own = ++turn
    loading.value = true
    const answer = await ask(route, asked)
    // Somebody has asked something else meanwhile.
    if (own !== turn) return
    loading.value = false
    refusal.value = answer.ok ? undefined : answer.refusal
    if (answer.ok) value.value = answer.value
    else if (answer.refusal.code !== 'signed-out' && answer.refusal.code !== 'offline')
      value.value = undefined
  }
  watch(() => JSON.stringify(input()), reload, { immediate: true })
  watch(
    () => account.state,
    (state) => void (state === 'signed-in' && refusal.value && reload()),
  )
  for (const topic of topics) onNews(topic, () => void reload())
  return { value, refusal, loading, reload }
}
