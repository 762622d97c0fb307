import { withoutLinks } from './link-free'
import { markdownOf } from './markdown'
import { splitText, textLimits } from './split'

/** The messages in which a platform shows a text, in their order: what it would take for a link is written otherwise. */
export function messagesOnPlatform(platform: string, text: string): string[] {
  switch (platform) {
    case 'qq':
      return splitText(withoutLinks(text).trim(), textLimits.qq)
    case 'wecom':
      return splitText(markdownOf(text), textLimits.wecom)
    case 'wecom-webhook':
      return splitText(text, textLimits.webhookText)
    default:
      return splitText(text, textLimits.onebot)
  }
}
