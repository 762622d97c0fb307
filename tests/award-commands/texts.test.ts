import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { conditionKinds } from '@space-assistant/core/awards/conditions'
import { conflictReasons } from '@space-assistant/core/awards/conflict'
import { judgeReminderKinds } from '@space-assistant/core/awards/judge-reminder'
import { nominationRefusals, nominationStates } from '@space-assistant/core/awards/nomination'
import { objectionRefusals, objectionStates } from '@space-assistant/core/awards/objection'
import { awardAccessRefusals } from '@space-assistant/core/awards/rights'
import { awardRoundRefusals, awardRoundStates } from '@space-assistant/core/awards/round'
import { judgeSheetActs, judgeSheetRefusals, judgeSheetStates } from '@space-assistant/core/awards/sheet'
import { awardActs } from '../../plugins/awards/table'

type Texts = { [key: string]: string | Texts }
const load = (language: string) =>
  (JSON.parse(readFileSync(`plugins/awards/locales/${language}.json`, 'utf8')) as Texts)[
    'space-awards'
  ] as Texts

describe.each(['zh-CN', 'en-US'])('the texts in %s', (language) => {
  const texts = load(language)
  const keysOf = (group: string) => Object.keys(texts[group] as Texts).sort()

  it.each<[group: string, values: readonly string[]]>([
    ['state', awardRoundStates],
    ['next', awardRoundStates],
    ['nomination', nominationStates],
    ['objection', objectionStates],
    ['objector', objectionStates],
    ['sheet-state', judgeSheetStates],
    ['sheet', judgeSheetActs],
    ['conflict', conflictReasons],
    ['judge-reminder', judgeReminderKinds],
    ['condition', conditionKinds],
    ['act', awardActs],
  ])('have every %s and no other', (group, values) => {
    expect(keysOf(group)).toEqual([...values].sort())
  })

  it('have every condition met, missing, open and unknown', () => {
    for (const kind of conditionKinds) {
      expect(Object.keys((texts['condition'] as Texts)[kind] as Texts)).toEqual([
        'met',
        'missing',
        'open',
        'unknown',
      ])
    }
  })

  it('have a sentence for every refusal of the rules', () => {
    const codes = [
      ...[...awardRoundRefusals, ...nominationRefusals, ...objectionRefusals, ...judgeSheetRefusals],
      ...awardAccessRefusals,
    ]
    expect(codes.filter((code) => !keysOf('refusal').includes(code))).toEqual([])
  })
})
