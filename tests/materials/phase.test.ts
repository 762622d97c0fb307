import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startBulletins } from '../bulletins/house'
import type { BulletinHouse } from '../bulletins/house'
import { at, eventually } from '../journeys/house'

let test: BulletinHouse
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-18 10:00:00'), shouldAdvanceTime: true })
  test = await startBulletins()
})
afterEach(async () => {
  await test.stop()
  vi.useRealTimers()
})

const upload = async (title: string, text: string) => {
  await test.say(`/资料 上传 ${title}`)
  const bytes = Buffer.from(`%PDF-1.7\n${text}`)
  return (await test.fake.whisperFile('5001', { name: 'a.pdf', bytes }, { wait: 15_000 })).join('\n')
}

it('materials of a phase are named in the announcement that is proposed when it begins', async () => {
  expect(await upload('报名推荐 评选标准', 'a')).toContain('（报名推荐）')
  expect(await upload('培训讲义', 'b')).not.toContain('报名推荐')
  const proposals = () =>
    test.fake.delivered.filter(({ user, text }) => user === '5001' && text.includes('建议发公告'))
  vi.setSystemTime(at('2022-05-21 08:10:00'))
  await eventually(() => expect(proposals()).toHaveLength(1))
  const said = proposals()[0]?.text ?? ''
  expect(said).toContain('今天“报名推荐”开始')
  expect(said).toContain('本阶段的资料（@我或私聊取）：《报名推荐 评选标准》发送“/资料 1”。')
  expect(said).not.toContain('培训讲义')
  expect((await test.hear('/资料 1', '4001')).flatMap(({ file }) => (file ? [file.name] : []))).toEqual([
    '报名推荐 评选标准.pdf',
  ])
})
