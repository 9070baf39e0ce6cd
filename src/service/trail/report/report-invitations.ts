import type { AuditEntry } from '../audit-entry.ts'
import { Counts } from './counts.ts'

/** The fate of invitations, and of their uses. */
export interface ReportInvitations {
  /** By the half that the inviter holds. */
  readonly issued: { readonly stock: number; readonly foil: number }
  readonly revoked: number
  /** Those that ran out with a use left, as far as they were found to have. */
  readonly expired: number
  /** Uses that led to a tally. */
  readonly redeemed: number
  /** Answers that the other side is known to have. */
  readonly confirmed: number
  /** Invitations whose last use went. */
  readonly usedUp: number
  /** Uses given back before they led to a tally, by why. */
  readonly released: Readonly<Record<string, number>>
  /** Answers taken back. */
  readonly withdrawn: number
  readonly declined: number
  /** Peers with the right secret that were turned away, by the code that they were told. */
  readonly refused: Readonly<Record<string, number>>
  /** Attempts that came without the right secret, or to a closed door, by why. */
  readonly strangers: Readonly<Record<string, number>>
}

/** Counts the life-cycle records of tokens, and what was refused. */
export class InvitationsTally {
  readonly #issued = new Counts()
  readonly #events = new Counts()
  readonly #released = new Counts()
  readonly #refused = new Counts()
  readonly #strangers = new Counts()
  /** The invitee's database was there before the use was committed. */
  #delegated = 0

  add({ type, data }: AuditEntry): void {
    const { event } = data
    if (typeof event !== 'string') return
    if (type === 'security' && event === 'refused') this.#addStrangers(data['reasons'])
    if (type !== 'token') return
    this.#events.add(event)
    if (event === 'committed' && data['createdBy'] === 'foil') this.#delegated += 1
    if (event === 'issued') this.#issued.add(String(data['role']))
    if (event === 'rejected') this.#refused.add(String(data['code']))
    if (event === 'released') this.#released.add(String(data['reason']))
  }

  report(): ReportInvitations {
    return {
      issued: { stock: this.#issued.get('stock'), foil: this.#issued.get('foil') },
      revoked: this.#events.get('revoked'),
      expired: this.#events.get('expired'),
      redeemed: this.#events.get('committed'),
      confirmed: this.#events.get('confirmed') + this.#delegated,
      usedUp: this.#events.get('consumed'),
      released: this.#released.toObject(),
      withdrawn: this.#events.get('withdrawn'),
      declined: this.#events.get('declined'),
      refused: this.#refused.toObject(),
      strangers: this.#strangers.toObject(),
    }
  }

  /** Many in one record: `{ busy: { count: 3, … } }`. */
  #addStrangers(reasons: AuditEntry['data'][string] | undefined): void {
    for (const [reason, told] of Object.entries(Object(reasons))) {
      const count: unknown = Object(told)['count']
      if (typeof count === 'number') this.#strangers.add(reason, count)
    }
  }
}
