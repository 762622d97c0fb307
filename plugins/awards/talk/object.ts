import { formatDay } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import words from '../words.json'
import { awardRefusal, isWord, readAwardNumber, tellOutcome } from './talk'
import type { AwardTalk } from './talk'

/** Answers the command of objections: how one is made, one more, and what staff do with them. */
export async function answerObject(talk: AwardTalk, given: string[]): Promise<Fragment> {
  const { awards, actor, say, session } = talk
  const [first, second, ...rest] = given
  const id = readAwardNumber(first)
  if (id !== undefined) return stepObjectionAnswer(talk, id, [second, ...rest])
  const steers = (await awards.frame.check(actor, { kind: 'steer' })).ok
  if (!first && steers) return listAnswer(talk)
  const { publicFrom, publicTo } = await awards.rounds.state()
  const period = publicTo
    ? say('public-period', { from: formatDay(publicFrom), to: formatDay(publicTo) })
    : ''
  if (!first || second === undefined || !rest.length) {
    const may = await awards.frame.check(actor, { kind: 'object' })
    return h.text(may.ok ? [period, say('object-how')].filter(Boolean).join('\n') : awardRefusal(talk, may))
  }
  // Names and contacts are not for a group that reads along.
  if (!session.isDirect) return h.text(say('object-in-private'))
  const outcome = await awards.objections.object(actor, {
    ...{ name: first, contact: second, content: rest.join(' ') },
    // What staff record for somebody is answered by them.
    ...(!steers && {
      platform: session.platform,
      selfId: session.selfId,
      channelId: session.channelId ?? '',
    }),
  })
  return tellOutcome(talk, outcome, (row) => say('objected', { id: row.id }))
}

async function listAnswer(talk: AwardTalk): Promise<Fragment> {
  const { awards, say } = talk
  return tellOutcome(talk, await awards.objections.list(talk.actor), (rows) => {
    if (!rows.length) return say('objections-none')
    const lines = rows.map(({ id, name, contact, content, state, answer }) =>
      say('objection-line', {
        id,
        name,
        contact,
        content,
        state: say(`objection.${state}`),
        answer: answer && say('objection-answer', { answer }),
      }),
    )
    return [...lines, say('objections-how')].join('\n')
  })
}

async function stepObjectionAnswer(
  talk: AwardTalk,
  id: number,
  [word, ...answer]: (string | undefined)[],
): Promise<Fragment> {
  const { awards, say } = talk
  const to = isWord(words.investigate, word)
    ? 'investigating'
    : isWord(words.reject, word)
      ? 'rejected'
      : isWord(words.uphold, word)
        ? 'upheld'
        : undefined
  if (!to) return h.text(say('objections-how'))
  const outcome = await awards.objections.step(talk.actor, { id, to, answer: answer.join(' ') })
  return tellOutcome(talk, outcome, () => say(`objection-step.${to}`, { id }))
}
