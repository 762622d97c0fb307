import { messagesOnPlatform } from '@space-assistant/core/delivery/shown'
import { expect, it } from 'vitest'

it.each([
  ['qq', 'see www.example.com', ['see www\uff0eexample\uff0ecom']],
  ['onebot', 'see www.example.com', ['see www.example.com']],
  ['wecom', '* one', ['\uff0a one']],
  ['qq', '字'.repeat(700), ['字'.repeat(600), '字'.repeat(100)]],
])('on %s "%s" reads as the platform shows it', (platform, text, messages) => {
  expect(messagesOnPlatform(platform, text)).toEqual(messages)
})
