import { attempt, done, refused, rollback } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { AwardActor, AwardFrame } from './frame'
import { isCertificateValid, newCheckNumber } from './rounds'
import type { AwardCertificateRow, AwardResultRow, AwardRoundRow } from './table'

/** Certificates and what winners show of their spaces. */
export class Certificates {
  constructor(
    private readonly frame: AwardFrame,
    private readonly now: () => Date,
  ) {}

  /**
   * What a number stands for, of whichever year; anybody may ask, and learns nothing of a number that was not issued,
   * nor of one whose round is gone through again.
   */
  async find(number: string): Promise<Outcome<AwardCertificateRow>> {
    const { bulk } = this.frame.ctx
    const [row] = await bulk.rows<AwardCertificateRow>(
      'SELECT * FROM space_award_certificate WHERE number = ?',
      [number],
    )
    if (!row) return refused('no-such-certificate', { number })
    if (row.replacedBy) return done(row)
    if (!isCertificateValid(row)) return refused('certificate-revoked', { number })
    const [round] = await bulk.rows<Pick<AwardRoundRow, 'state'>>(
      'SELECT state FROM space_award_round WHERE scheme = ?',
      [row.scheme],
    )
    const isCommended = round?.state === 'commended' || round?.state === 'exhibited'
    return isCommended ? done(row) : refused('certificate-suspended', { number })
  }

  async all(actor: AwardActor): Promise<Outcome<AwardCertificateRow[]>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const rows = await this.frame.store.rows('space_award_certificate', 'ORDER BY number')
    return done(rows.filter(isCertificateValid))
  }

  /** A corrected name is another certificate; the old number answers that it was replaced. */
  async reissue(
    actor: AwardActor,
    { number, name, reason }: { number: string; name: string; reason: string },
  ): Promise<Outcome<AwardCertificateRow>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    if (!name.trim()) return refused('certificate-name-needed')
    const { store } = this.frame
    return attempt(() =>
      store.write(async () => {
        const [old] = await store.rows('space_award_certificate', 'AND number = ?', [number])
        if (!old) rollback('no-such-certificate', { number })
        if (old.replacedBy) rollback('certificate-replaced', { number: old.replacedBy })
        if (!isCertificateValid(old)) rollback('certificate-revoked', { number })
        const all = await store.rows('space_award_certificate')
        const prefix = number.replace(/\d+$/, '')
        const fresh = `${prefix}${String(all.length + 1).padStart(4, '0')}`
        const row = {
          ...old,
          number: fresh,
          name,
          checkNumber: newCheckNumber(),
          issuedAt: this.now().getTime(),
        }
        await store.put('space_award_certificate', row, { ...old, replacedBy: fresh })
        // The exhibition and the lists name the holder as the certificate does.
        const where = 'AND award = ? AND code = ?'
        const [result] = await store.rows('space_award_result', where, [old.award, old.code])
        if (result) await store.put('space_award_result', { ...result, name })
        await store.log({
          actor: actor.name,
          act: 'reissue',
          subject: number,
          before: old.name,
          after: name,
          reason,
        })
        return row
      }),
    )
  }

  /** Winners with what they show; staff see the withdrawn ones too. */
  async exhibition(actor: AwardActor): Promise<Outcome<AwardResultRow[]>> {
    const isStaffNow = (await this.frame.check(actor, { kind: 'steer' })).ok
    const may = isStaffNow ? done(undefined) : await this.frame.check(actor, { kind: 'exhibition' })
    if (!may.ok) return may
    const rows = await this.frame.store.rows(
      'space_award_result',
      'AND selected = 1 ORDER BY award, place, code',
    )
    return done(rows.filter(({ hidden }) => isStaffNow || !hidden))
  }

  /** Sets the address of a winner's space, or takes the winner out of the exhibition and in again. */
  async show(
    actor: AwardActor,
    { award, code, link, hidden }: { award: string; code: string; link?: string; hidden?: boolean },
  ): Promise<Outcome<AwardResultRow>> {
    const may = await this.frame.check(actor, { kind: 'steer' })
    if (!may.ok) return may
    const { store } = this.frame
    return attempt(() =>
      store.write(async () => {
        const [row] = await store.rows('space_award_result', 'AND award = ? AND code = ? AND selected = 1', [
          award,
          code,
        ])
        if (!row) rollback('no-such-winner', { code })
        const next = {
          ...row,
          link: link?.slice(0, 500) ?? row.link,
          hidden: hidden === undefined ? row.hidden : Number(hidden),
        }
        await store.put('space_award_result', next)
        const log = { actor: actor.name, act: 'exhibit' as const, subject: `${award} ${code}` }
        await store.log({ ...log, before: `${row.hidden} ${row.link}`, after: `${next.hidden} ${next.link}` })
        return next
      }),
    )
  }
}
