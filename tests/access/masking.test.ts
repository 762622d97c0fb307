import { expect, it } from 'vitest'
import { maskName } from '@space-assistant/core/access/masking'

it.each([
  ['张三', '张*'],
  ['张小三', '张*'],
  ['欧阳修', '欧阳*'],
  ['欧阳明月', '欧阳*'],
  ['司马光', '司马*'],
  ['欧阳', '欧*'],
  ['欧小明', '欧*'],
  ['买买提·艾力', '买*'],
  ['𠮷田', '𠮷*'],
  [' 李 四', '李*'],
  ['Anna', 'A*'],
  ['', '*'],
])('masks %s as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked)
})
