/** What an open page can be told of: that something of it is new, or how far a file has been read. */
export type PageTopic =
  | 'scores'
  | 'imports'
  | 'tickets'
  | 'requests'
  | 'announcements'
  | 'bulletins'
  | 'awards'
  | 'outbox'
  | 'progress'
