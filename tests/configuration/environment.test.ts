import {
  checkEnvironment,
  parsePort,
  readSettingNames,
} from '@space-assistant/core/configuration/environment'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const example = readFileSync(resolve('.env.example'), 'utf8')
const known = readSettingNames(example)

const codes = (text: string, settings: Record<string, string> = { QQ_ID: '1', QQ_SECRET: 's' }) =>
  checkEnvironment({ text, settings, known }).map(({ code, line, params }) => [
    code,
    line,
    Object.values(params).join(' '),
  ])

describe('the text of .env', () => {
  it.each([
    ['ONEBOT_SELF_ID：10001', [['wide-colon', 1, 'ONEBOT_SELF_ID']]],
    ['# remark\nPORT: 5140', [['wide-colon', 2, 'PORT']]],
    ['PORT＝5140', [['wide-colon', 1, 'PORT']]],
    ['QQ_ID', [['no-equals', 1, 'QQ_ID']]],
    ['QQ_APPID=1', [['unknown', 1, 'QQ_APPID QQ_ID']]],
    ['SCHEMA=xinzhou-2022', [['unknown', 1, 'SCHEMA SCHEME']]],
    ['export PORT=5140\n\nSPACE_LOCALE=en-US\r\n', []],
  ])('%j', (text, expected) => {
    expect(codes(text)).toEqual(expected)
  })

  it('of the example has no mistake', () => {
    expect(codes(example)).toEqual([])
  })

  it('has every setting that koishi.yml reads', () => {
    const read = readFileSync(resolve('koishi.yml'), 'utf8').matchAll(/env\.([A-Z_]+)/g)
    const missing = [...read].map(([, name = '']) => name).filter((name) => !known.includes(name))
    expect([...new Set(missing)]).toEqual(['SPACE_DEMO'])
  })
})

describe('settings against each other', () => {
  it.each([
    [{}, [['no-platform', undefined, '']]],
    [{ QQ_ID: '1' }, [['needs', undefined, 'QQ_ID QQ_SECRET']]],
    [
      { ONEBOT_TOKEN: 't' },
      [
        ['off', undefined, 'ONEBOT_TOKEN ONEBOT_SELF_ID'],
        ['no-platform', undefined, ''],
      ],
    ],
    [{ ONEBOT_SELF_ID: '1' }, [['open-door', undefined, 'ONEBOT_TOKEN']]],
    [
      { ONEBOT_SELF_ID: '1', ONEBOT_PROTOCOL: 'ws' },
      [['needs', undefined, 'ONEBOT_PROTOCOL=ws ONEBOT_ENDPOINT']],
    ],
    [
      { ONEBOT_SELF_ID: '1', ONEBOT_TOKEN: 't', ONEBOT_PROTOCOL: 'http' },
      [['choice', undefined, 'ONEBOT_PROTOCOL http ws, ws-reverse']],
    ],
    [{ WECOM_WEBHOOKS: 'a=b', PORT: '99999' }, [['port', undefined, 'PORT 99999']]],
    [{ WECOM_WEBHOOKS: 'a=b', PORT: '5140' }, []],
  ])('%j', (settings, expected) => {
    expect(codes('', settings)).toEqual(expected)
  })
})

it.each([
  ['5140', 5140],
  ['0', undefined],
  ['65536', undefined],
  ['abc', undefined],
  ['51.4', undefined],
])('%j as a port is %j', (text, port) => {
  expect(parsePort(text)).toBe(port)
})
