import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { PlatformSendError, fetchFailure, redact, sendErrorOf } from '@space-assistant/core/delivery/error'
import { judgeQq, judgeQqToken } from '@space-assistant/core/delivery/qq-codes'
import { judgeOneBot } from '@space-assistant/core/delivery/onebot-codes'
import { judgeWebhook, judgeWecom } from '@space-assistant/core/delivery/wecom-codes'
import { SeenIds } from '@space-assistant/core/delivery/seen'

describe('what an answer of the QQ API means', () => {
  const cases: [number, number | undefined, string, string][] = [
    [400, 40034025, 'context-expired', 'rejected'],
    [400, 40034105, 'no-permission', 'rejected'],
    [400, 22009, 'rate', 'rejected'],
    [429, undefined, 'rate', 'rejected'],
    [400, 40054005, 'duplicate', 'delivered'],
    [202, 304023, 'audit', 'delivered'],
    [400, 40054002, 'muted', 'rejected'],
    [400, 40054003, 'gone', 'rejected'],
    [400, 40054016, 'banned', 'rejected'],
    [400, 304003, 'content', 'rejected'],
    [413, undefined, 'content', 'rejected'], // 11: the body is HTML
    [401, undefined, 'auth', 'rejected'],
    [500, 11244, 'auth', 'rejected'],
    [500, 50055001, 'server', 'unknown'],
    [502, undefined, 'server', 'unknown'],
    [400, 123456789, 'server', 'rejected'],
  ]
  test.each(cases)('HTTP %i, code %s: %s, %s', (status, code, name, outcome) => {
    expect(judgeQq(status, code)).toEqual({ class: name, outcome })
  })

  test('13: the token endpoint says no with HTTP 200', () => {
    expect(judgeQqToken(100016)).toEqual({ class: 'auth', outcome: 'rejected' })
    expect(judgeQqToken(100001)).toEqual({ class: 'rate', outcome: 'rejected' })
    expect(judgeQqToken(undefined)).toBeUndefined()
  })
})

describe('what an answer of a OneBot implementation means', () => {
  const eventChecker = (result: number, words: string) =>
    'EventChecker Failed: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg ListenerName:' +
    `NodeIKernelMsgListener/onMsgInfoListUpdate EventRet:\n{\n    "result": ${result},\n    "errMsg": "${words}"\n}\n`
  const cases: [title: string, retcode: number, wording: string, name: string, outcome: string][] = [
    [
      '21: 1200 with a failed transfer is unknown',
      1200,
      eventChecker(-1, 'rich media transfer failed'),
      'server',
      'unknown',
    ],
    [
      '1200 after a time-out is unknown',
      1200,
      'Timeout: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg EventRet:\n{}\n',
      'server',
      'unknown',
    ],
    [
      'removed from the group (NapCatQQ 600)',
      200,
      eventChecker(110, '发送失败，你已被移出该群，请重新加群。'),
      'gone',
      'rejected',
    ],
    ['muted (mirai 168)', 1200, eventChecker(120, ''), 'muted', 'rejected'],
    ['1 is accepted', 1, '', 'audit', 'delivered'],
    ['bad parameters', 1400, '', 'content', 'rejected'],
    ['unsupported', 1404, '', 'content', 'rejected'],
    ['go-cqhttp refused', 100, 'SEND_MSG_API_ERROR', 'server', 'rejected'],
    ['wrong token', 1403, '', 'auth', 'rejected'],
    ['nobody by that id', 1200, '无法获取用户信息', 'no-permission', 'rejected'],
    [
      'no friend',
      1200,
      'EventChecker Failed: {"result": 16, "errMsg": "请先添加对方为好友"}',
      'no-permission',
      'rejected',
    ],
  ]
  test.each(cases)('%s', (_title, retcode, wording, name, outcome) => {
    expect(judgeOneBot(retcode, wording)).toEqual({ class: name, outcome })
  })
})

describe('what an errcode of WeCom means', () => {
  test.each([
    [45009, 'rate', 'rate'],
    [93006, 'no-permission', 'gone'],
    [93008, 'no-permission', 'gone'],
    [93000, 'gone', 'gone'],
    [93017, 'content', 'content'],
    [846608, 'context-expired', 'context-expired'],
    [-1, 'server', 'server'],
  ])('%i: bot %s, webhook bot %s', (errcode, bot, webhookBot) => {
    expect(judgeWecom(errcode)).toEqual({ class: bot, outcome: 'rejected' })
    expect(judgeWebhook(errcode)).toEqual({ class: webhookBot, outcome: 'rejected' })
  })
})

describe('PlatformSendError', () => {
  const error = new PlatformSendError({
    platform: 'qq',
    class: 'rate',
    outcome: 'rejected',
    code: 22009,
    detail: 'group B1A2C3D4E5F60718293A4B5C6D7E8F90 of 1234567: see https://x.test/a?key=abc-123 now',
  })

  test('its text names class, outcome and code and hides ids and keys', () => {
    expect(error.message).toBe('qq: rate, rejected (22009): group … of …: see https://x.test/a?… now')
  })

  test('after() keeps everything and puts the earlier ids first', () => {
    expect(error.after(['1', '2'])).toMatchObject({ code: 22009, class: 'rate', sent: ['1', '2'] })
  })

  test('sendErrorOf finds it in an aggregate, and takes anything else as unknown', () => {
    expect(sendErrorOf({ errors: [error] }, 'qq')).toBe(error)
    expect(sendErrorOf(new TypeError('reading 1234567'), 'qq')).toMatchObject({
      class: 'server',
      outcome: 'unknown',
      message: 'qq: server, unknown: TypeError',
    })
  })

  test.each([
    ['a\u0000b\nc', 'a b c'],
    ['EventChecker Failed: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg', undefined],
    ['wss://h/?access_token=s3cret done', 'wss://h/?… done'],
  ])('redact(%j)', (text, expected) => {
    expect(redact(text)).toBe(expected ?? text)
  })
})

test('5: an id counts once within ten minutes, and again afterwards', () => {
  const seen = new SeenIds(600_000, 3)
  expect([seen.first('a', 0), seen.first('a', 599_999), seen.first('a', 600_000)]).toEqual([
    true,
    false,
    true,
  ])
  for (const id of ['b', 'c', 'd', 'e', 'f']) seen.first(id, 600_001)
  expect(seen.first('f', 600_002)).toBe(false)
})

describe('what a fetch that failed means', () => {
  const failed = async (url: string, ms: number) =>
    fetchFailure(
      await fetch(url, { signal: AbortSignal.timeout(ms) }).then(
        () => expect.unreachable('something answered'),
        (error: unknown) => error,
      ),
    )

  test('where nobody listens nothing was written', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    expect(await failed(`http://127.0.0.1:${port}/`, 5000)).toEqual({
      code: 'ECONNREFUSED',
      outcome: 'rejected',
    })
  })

  test('where somebody does not answer it may have arrived', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await failed(`http://127.0.0.1:${port}/`, 200)).toEqual({ code: '', outcome: 'unknown' })
    server.closeAllConnections()
    server.close()
  })
})
