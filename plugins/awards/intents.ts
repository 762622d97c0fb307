import type { IntentOf, IntentWhom } from '@space-assistant/core/understanding/intent'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { h } from 'koishi'
import type { Fragment, Session } from 'koishi'
import type { ConversationPart } from 'koishi-plugin-space-conversation'
import type { Awards } from './service'
import { answerAwards, resultsAnswer } from './talk/awards'
import { answerNominate } from './talk/nominate'
import { openAwardTalk } from './talk/talk'
import type { AwardTalk } from './talk/talk'
import words from './words.json'

/** Answers to questions about awards: what the commands say, with the same rights. */
export function awardIntents(awards: Awards): NonNullable<ConversationPart['intents']> {
  const open = (session: Session) => openAwardTalk(awards, session)
  return {
    awards: async (session, intent) => answerAwardQuestion(await open(session), intent),
    gap: async (session, { whom, to }) => {
      if (!to.startsWith('award:')) return undefined
      const award = to.slice('award:'.length)
      return answerAwards(await open(session), [award, ...wordsOfWhom(whom)])
    },
  }
}

async function answerAwardQuestion(
  talk: AwardTalk,
  { award, whom, ask }: IntentOf<'awards'>,
): Promise<Fragment> {
  const [state = ''] = words.state
  switch (ask) {
    case 'schedule':
      return [...h.normalize(await answerAwards(talk, [state])), h.text(phaseDates(talk))]
    case 'nominees':
      return answerNominate(talk, [])
    case 'results':
      return resultsAnswer(talk)
    default:
      return answerAwards(talk, [...(award === undefined ? [] : [award]), ...wordsOfWhom(whom)])
  }
}

/** The dates of the phases that are to come, which the state of a round does not tell. */
function phaseDates({ say, awards }: AwardTalk): string {
  const today = dayOf(new Date())
  return awards.ctx.schemes.active.phases
    .filter(({ window }) => window.to >= today)
    .map(({ name, window }) =>
      ['', say('phase-dates', { name, from: formatDay(window.from), to: formatDay(window.to) })].join('\n'),
    )
    .join('')
}

/** Who is meant, in the words that the command reads. */
function wordsOfWhom(whom: IntentWhom | undefined): string[] {
  if (whom === undefined || whom === 'district' || whom === 'city') return []
  if (whom === 'self') return words.self.slice(0, 1)
  if (whom === 'own-school') return words.ownSchool.slice(0, 1)
  const at = whom.indexOf(':')
  return at < 0 ? [] : [whom.slice(at + 1)]
}
