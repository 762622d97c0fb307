import { expect, it } from 'vitest'
import { maskName } from '@space-assistant/core/access/masking'

it.each([
  ['张三', '张*'],
  ['张小三', '张*'],
  ['欧阳修', '欧*'],
  ['买买提·艾力', '买*'],
  ['𠮷田', '𠮷*'],
  [' 李 四', '李*'],
  ['Anna', 'A*'],
  ['', '*'],
])('masks %s as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked)
})
