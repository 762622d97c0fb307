/** The documents of a round that the bot makes. */
export const awardDocumentKinds = [
  'nomination',
  'summary',
  'sheet',
  'scores',
  'winners',
  'publicity',
  'commendation',
  'certificates',
] as const
export type AwardDocumentKind = (typeof awardDocumentKinds)[number]
