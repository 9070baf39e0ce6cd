import type { AuditDraft } from '../../audit/record/record.ts'
import { type DecidePorts, decideRequest, type Said } from '../approval/decide-request.ts'
import type { ListenerPorts } from '../listener/listener-context.ts'
import type { Decision } from '../ports/uses/pending-request.ts'
import { outdateRequests } from '../upkeep/end-requests.ts'
import { type Holder, releaseHeldUse } from '../upkeep/release-held-use.ts'
import { type TokenHookPorts, tellHostUseReleased } from '../upkeep/tell-host-use-released.ts'

type ActPorts = TokenHookPorts &
  Pick<ListenerPorts, 'party' | 'store'> &
  Pick<DecidePorts, 'config'>

/** Acts of the operator about requests and uses, in a node that knows which sessions are under way. Each rejects with `StoreError`. */
export class OperatorActs {
  readonly #ports: ActPorts
  readonly #running: ReadonlySet<string>

  constructor(ports: ActPorts, running: ReadonlySet<string>) {
    this.#ports = ports
    this.#running = running
  }

  /** Says yes or no to a request at an invitation by hand, for good: see the function. */
  decideRequest(...said: Said): Promise<Decision> {
    const inviter = this.#ports.party().peerId
    return decideRequest({ ...this.#ports, inviter, running: this.#running }, ...said)
  }

  /** Gives back the use that a session which is over still holds: see the function. */
  async releaseHeldUse(holder: Holder, record: AuditDraft): Promise<boolean> {
    const released = await releaseHeldUse(this.#ports, holder, record)
    if (released !== undefined) tellHostUseReleased(this.#ports, released)
    return released !== undefined
  }

  /** Ends those of these requests that are under other terms than their invitations have now: see the function. */
  outdateRequests(ids: readonly string[]): Promise<number> {
    return outdateRequests(this.#ports, ids)
  }
}
