import { decideAddressing } from '@space-assistant/core/understanding/addressing'
import type { HeardMessage } from '@space-assistant/core/understanding/addressing'
import { describe, expect, it } from 'vitest'

const chatter: HeardMessage = {
  isPrivate: false,
  mentionsAssistant: false,
  mentionsOthers: 'no',
  quotes: 'nothing',
  named: false,
  command: false,
  callsSomebody: false,
}

describe('who is meant', () => {
  it.each<[string, Partial<HeardMessage>, string]>([
    ['anything in private', { isPrivate: true, mentionsOthers: 'first', quotes: 'other' }, 'private'],
    ['a line of chatter', {}, 'overheard'],
    ['a mention of the assistant', { mentionsAssistant: true }, 'addressed'],
    ['a mention of both', { mentionsAssistant: true, mentionsOthers: 'first' }, 'addressed'],
    ['a mention of it under another quotation', { mentionsAssistant: true, quotes: 'other' }, 'addressed'],
    ['its name', { named: true }, 'addressed'],
    ['a command', { command: true }, 'addressed'],
    ['a command that quotes a colleague', { command: true, quotes: 'other' }, 'addressed'],
    ['a command that names a colleague behind it', { command: true, mentionsOthers: 'later' }, 'addressed'],
    ['a quotation of its answer, by anybody', { quotes: 'assistant' }, 'addressed'],
    ['a colleague who is mentioned first', { mentionsOthers: 'first', command: true }, 'others'],
    ['a colleague in the midst', { mentionsOthers: 'later' }, 'others'],
    ['a quoted colleague', { quotes: 'other' }, 'others'],
    ['its answer quoted for a colleague', { quotes: 'assistant', mentionsOthers: 'first' }, 'others'],
    ['a colleague called by name', { callsSomebody: true }, 'others'],
    ['a quotation of nobody knows whom', { quotes: 'somebody' }, 'overheard'],
  ])('%s', (_, heard, addressing) => {
    expect(decideAddressing({ ...chatter, ...heard })).toBe(addressing)
  })
})
