import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { reactive } from 'vue'

interface Account {
  state: 'unknown' | 'signed-in' | 'signed-out' | 'unreachable'
  me: OfficeAnswer<'me'> | undefined
  welcome: OfficeAnswer<'welcome'> | undefined
}

/** Who is signed in, as the bot says. */
export const account = reactive<Account>({ state: 'unknown', me: undefined, welcome: undefined })

/** The bot does not know the browser any more. What is on the screen stays, under the field for a new code. */
export function signedOut(): void {
  account.state = 'signed-out'
}
