import { h } from 'koishi'
import type { Fragment } from 'koishi'
import words from '../words.json'
import { awardOutcomes } from '../table'
import { awardRefusal, findAward, findNominee, isWord, tellOutcome } from './talk'
import type { AwardTalk } from './talk'

/** Answers whether a certificate is genuine; staff may replace one whose name was wrong. */
export async function answerCertificate(talk: AwardTalk, given: string[]): Promise<Fragment> {
  const { awards, say } = talk
  const [first, ...rest] = given
  if (!first) return h.text(say('certificate-how'))
  if (isWord(words.correct, first)) {
    const [number = '', name = '', ...reason] = rest
    const outcome = await awards.certificates.reissue(talk.actor, { number, name, reason: reason.join(' ') })
    return tellOutcome(talk, outcome, (row) =>
      say('certificate-reissued', { old: number, number: row.number, name: row.name }),
    )
  }
  const outcome = await awards.certificates.find(first)
  if (!outcome.ok) return h.text(awardRefusal(talk, outcome))
  const { number, award, name, school, checkNumber, replacedBy } = outcome.value
  if (replacedBy) return h.text(say('certificate-was-replaced', { number, by: replacedBy }))
  const [given_] = rest
  if (given_ !== undefined && given_ !== checkNumber)
    return h.text(say('certificate-check-wrong', { number }))
  const params = { number, award, name, school }
  return h.text(say(given_ === undefined ? 'certificate-known' : 'certificate-genuine', params))
}

/** Winners with what they show; staff set addresses and take winners out. */
export async function answerExhibit(talk: AwardTalk, given: string[]): Promise<Fragment> {
  const { awards, say } = talk
  const [first, awardWord, who, ...rest] = given
  const isSetting = [words.link, words.hide, words.show].some((list) => isWord(list, first))
  if (isSetting) {
    const award = findAward(talk, awardWord)
    const code = award && findNominee(talk, award, [who])
    if (!award || code === undefined) return h.text(say('exhibit-how'))
    const change = isWord(words.link, first) ? { link: rest.join('') } : { hidden: isWord(words.hide, first) }
    if ('link' in change && !/^https?:\/\/\S+$/.test(change.link)) return h.text(say('exhibit-bad-link'))
    const outcome = await awards.certificates.show(talk.actor, { award: award.name, code, ...change })
    return tellOutcome(talk, outcome, (row) =>
      say(row.hidden ? 'exhibit-hidden' : 'exhibit-set', { name: row.name }),
    )
  }
  const outcome = await awards.certificates.exhibition(talk.actor)
  return tellOutcome(talk, outcome, (rows) => {
    if (!rows.length) return say('exhibit-empty')
    return awards.frame.awards
      .flatMap(({ name, subject }) => {
        const own = rows.filter((row) => row.award === name && row.selected === awardOutcomes.in)
        const lines = own.map((row) => {
          const who =
            subject === 'school' ? row.name : say('board.person', { name: row.name, school: row.schoolName })
          return say(row.hidden ? 'exhibit-line-hidden' : 'exhibit-line', { who, link: row.link }).trimEnd()
        })
        return own.length ? [say('exhibit-head', { award: name }), ...lines] : []
      })
      .join('\n')
  })
}
