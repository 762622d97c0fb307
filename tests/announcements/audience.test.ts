import { describe, expect, it } from 'vitest'
import type { School } from '@space-assistant/core/roster/member'
import { groupsOf, parseAudience } from '@space-assistant/core/delivery/audience'
import type { AudienceWords, AudienceGroup } from '@space-assistant/core/delivery/audience'
import { parseAnnouncementCommand, words } from '../../plugins/announcements/command'

const schools: School[] = [
  { code: 'S1', name: '第一小学', town: '城关镇', stage: '小学' },
  { code: 'S2', name: '第二小学', town: '城关镇', stage: '小学' },
  { code: 'S3', name: '新堤中学', town: '新堤镇', stage: '初中' },
]
const group = (
  channelId: string,
  purpose: AudienceGroup['purpose'],
  of: Partial<AudienceGroup> = {},
): AudienceGroup => ({
  ...{ platform: 'chat', selfId: 'bot', channelId, purpose, school: '', town: '' },
  ...of,
})
const groups = [
  group('all', 'exchange'),
  group('east', 'exchange', { town: '城关镇' }),
  group('s1', 'school', { school: 'S1' }),
  group('s2', 'school', { school: 'S2' }),
  group('s3', 'school', { school: 'S3' }),
  group('staff', 'staff'),
  group('help', 'support'),
]

function audience(text: string): string {
  const parsed = parseAudience(text, {
    words: words as AudienceWords,
    schools,
    findSchools: (name) => schools.filter((school) => school.name.includes(name)),
    named: [
      { key: 'chat:bot:east', name: '江北 片区' },
      { key: 'chat:bot:all', name: '交流群 3 号' },
    ],
  })
  if ('unknown' in parsed) return `? ${parsed.unknown}`
  return groupsOf(parsed.terms, groups, (code) => schools.find((school) => school.code === code))
    .map(({ channelId }) => channelId)
    .join(' ')
}

describe('an audience', () => {
  it.each([
    ['', 'all east'],
    ['交流群', 'all east'],
    ['全部', 'all east s1 s2 s3'],
    ['学校群', 's1 s2 s3'],
    ['城关镇', 'east s1 s2'],
    ['小学', 's1 s2'],
    ['第一小学', 's1'],
    ['第一小学、新堤中学', 's1 s3'],
    ['城关镇，第一小学', 'east s1 s2'],
    ['新堤镇 交流群', 'all east s3'],
    ['专班群', 'staff'],
    ['江北 片区', 'east'],
    ['江北片区、新堤中学', 'east s3'],
    ['交流群 3号', 'all'],
    ['火星', '? 火星'],
    ['第一小学、火星', '? 火星'],
  ])('%s', (text, expected) => {
    expect(audience(text)).toBe(expected)
  })
})

describe('what staff want', () => {
  it.each([
    ['', 'view'],
    ['确认', 'confirm'],
    ['确认 3', 'confirm 3'],
    ['3', 'progress 3'],
    ['#12', 'progress 12'],
    ['3 月开学', 'write'],
    ['是', 'write'],
    ['请各校于周五前完成任务', 'write'],
    ['确认一下各校名单', 'write'],
    ['范围 城关镇、小学', 'audience 城关镇、小学'],
    ['定时 明天 8:30', 'schedule 明天 8:30'],
    ['取消', 'cancel'],
    ['取消 3', 'cancel 3'],
    ['取消本周五的培训', 'write'],
    ['取消 本周五的培训', 'write'],
    ['暂停 #3', 'pause 3'],
    ['暂停 3号', 'pause 3'],
    ['暂停 使用旧平台', 'write'],
    ['重发 3', 'resend 3 false'],
    ['重发 3 不确定', 'resend 3 true'],
    ['进度', 'progress'],
    ['回执 12', 'receipts 12'],
    ['采用 2', 'adopt 2'],
    ['立即', 'at-once'],
    ['立即完成资源上传', 'write'],
    ['范围\n城关镇的学校请注意', 'write'],
  ])('%s', (text, expected) => {
    const wish = parseAnnouncementCommand(text)
    const more = [
      ...('text' in wish ? [wish.text] : []),
      ...('id' in wish && wish.id !== undefined ? [wish.id] : []),
      ...('unknownToo' in wish ? [wish.unknownToo] : []),
    ]
    expect([wish.kind, ...more].join(' ')).toBe(expected)
  })
})
