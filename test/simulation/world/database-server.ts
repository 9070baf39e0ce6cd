import type { DatabaseResult } from '../../../src/hooks/session-hooks.ts'
import type { Role } from '../../../src/protocol/base/role.ts'
import type { DraftText } from '../../../src/protocol/message/messages.ts'
import { automergeDatabase } from '../../../src/tally/automerge-database.ts'

/** What a host's database server is asked to build. */
export interface Order {
  readonly tallyId: string
  readonly createdBy: Role
  readonly initiator: string
  readonly respondent: string
  readonly draft: DraftText
}

/** Where a node's tallies are built. Another machine: it does not die with the node. */
export class DatabaseServer {
  readonly databases = new Map<string, Order>()
  built = 0
  removed = 0

  /** Idempotent. @throws if something else has that name */
  build(order: Order): DatabaseResult {
    const held = this.databases.get(order.tallyId)
    if (held !== undefined && !isSame(held, order)) throw new Error('built for something else')
    if (held === undefined) this.built += 1
    this.databases.set(order.tallyId, order)
    return resultOf(order)
  }

  remove(tallyId: string): void {
    if (this.databases.delete(tallyId)) this.removed += 1
  }

  status(tallyId: string): DatabaseResult | undefined {
    const held = this.databases.get(tallyId)
    return held && resultOf(held)
  }
}

function resultOf({ tallyId, createdBy }: Order): DatabaseResult {
  return { tally: { tallyId, createdBy }, dbConnectionInfo: automergeDatabase(tallyId) }
}

function isSame(a: Order, b: Order): boolean {
  return (
    a.createdBy === b.createdBy &&
    a.initiator === b.initiator &&
    a.respondent === b.respondent &&
    a.draft.sha256 === b.draft.sha256
  )
}
