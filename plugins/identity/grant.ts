import type { Grant } from '@space-assistant/core/identity/viewer'
import type { GrantRow } from './table'

/** What a row of the table of grants permits. */
export function grantOf(row: GrantRow): Grant[] {
  switch (row.kind) {
    case 'staff':
    case 'support':
      return [{ kind: row.kind }]
    case 'town':
      return [{ kind: 'town', town: row.town }]
    case 'judge':
      return [{ kind: 'judge', account: row.account }]
  }
}
