import { h } from 'koishi'
import type { Fragment } from 'koishi'
import type { AwardDocumentKind } from '@space-assistant/core/awards/document-kinds'
import type { AwardDocument } from '../documents'
import words from '../words.json'
import { awardRefusal, isWord } from './talk'
import type { AwardTalk } from './talk'

const types: Record<AwardDocument['type'], string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
}

/** Answers with a document of the round, as a file. */
export async function documentAnswer(talk: AwardTalk, [word, of]: readonly string[]): Promise<Fragment> {
  const { awards, say } = talk
  const kinds = Object.entries(words.documentKinds) as [AwardDocumentKind, string[]][]
  const [kind] = kinds.find(([, list]) => isWord(list, word)) ?? []
  if (!kind) return h.text(say('which-document', { kinds: kinds.map(([, [name]]) => name).join(say('and')) }))
  const outcome = await awards.documents.make(talk.actor, kind, of)
  if (!outcome.ok) {
    const isTemplate = outcome.code === 'template' || outcome.code === 'no-template'
    return h.text(isTemplate ? awards.ctx.documents.explain(outcome) : awardRefusal(talk, outcome))
  }
  const { name, type, bytes } = outcome.value
  const src = `data:${types[type]};base64,${Buffer.from(bytes).toString('base64')}`
  return [h.text(say('document-sent', { name })), h('file', { src, title: name })]
}
