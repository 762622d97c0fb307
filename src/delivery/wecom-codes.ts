import type { FailureClass, ErrorVerdict } from './error'

/** Error codes of WeCom (developer.work.weixin.qq.com, path 90313), long connection and webhook webhook bots alike. */
const codes: Partial<Record<FailureClass, readonly number[]>> = {
  'context-expired': [846605, 846608],
  rate: [45009, 45033],
  gone: [93000],
  // 93006 is said of a chat that is gone and of one in which nobody has spoken to the bot yet: it may still be opened.
  'no-permission': [93001, 93006, 93008],
  content: [40008, 40058, 44004, 45002, 93017, 93018, 40009, 40006, 40007],
  auth: [40001, 40014, 42001, 41001],
}

const classOf = new Map<number, FailureClass>()
for (const [name, list] of Object.entries(codes)) {
  for (const code of list) classOf.set(code, name as FailureClass)
}

/** What an errcode other than 0 means. -1 is "system busy", which WeCom asks to be repeated later. */
export function judgeWecom(errcode: number): ErrorVerdict {
  return { class: classOf.get(errcode) ?? 'server', outcome: 'rejected' }
}

/** The same for a webhook webhook bot, whose only conversation is its group: not allowed there means there is none. */
export function judgeWebhook(errcode: number): ErrorVerdict {
  const verdict = judgeWecom(errcode)
  return verdict.class === 'no-permission' || verdict.class === 'auth'
    ? { ...verdict, class: 'gone' }
    : verdict
}
