import { StoredTokens } from '../../../src/hooks/file/stored-tokens.ts'
import { MemoryAudit } from '../../../src/hooks/memory/memory-audit.ts'
import type { MemoryDatabases } from '../../../src/hooks/memory/memory-databases.ts'
import { requiredFields } from '../../../src/hooks/required-fields.ts'
import { isSignedBy } from '../../../src/protocol/receipt/receipt-signature.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import { SessionCore } from '../../../src/session/manager/session-core.ts'
import type { Party } from '../../../src/session/run/party.ts'
import type { StoreDatabase } from '../../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../../src/store/postgres/postgres-session-store.ts'
import type { SigningKey } from '../../support/signing-key.ts'

/** Nobody is turned away for being one of many: what is looked at is who gets a use. */
export const WIDE_OPEN: Partial<SessionConfig> = {
  maxConcurrentSessions: 5_000,
  maxSessionsPerPeer: 5_000,
  rateLimitPerPeer: 1_000_000,
  rateLimitPerAddress: 1_000_000,
  rateLimitTotal: 10_000_000,
  maxSessionHistory: 1_000_000,
  sessionTimeoutMs: 60_000,
  stepTimeoutMs: 30_000,
}

export interface NodeOfPartyInit {
  readonly name: string
  readonly database: StoreDatabase
  readonly party: Party
  readonly key: SigningKey
  /** Where tallies are built: one place for all nodes. */
  readonly databases: MemoryDatabases
}

/** One of several nodes of a party, as a process of its own would be: its own engine, on connections of its own. */
export class NodeOfParty {
  readonly name: string
  readonly records: StoreDatabase['records']
  readonly store: PostgresSessionStore
  readonly manager: SessionCore
  /** How often the store failed under it. */
  failures = 0

  constructor({ name, database, party, key, databases }: NodeOfPartyInit) {
    this.name = name
    this.records = database.records
    this.store = new PostgresSessionStore(database)
    const hooks = {
      token: new StoredTokens(database.records, Date.now),
      identity: requiredFields,
      database: databases,
      audit: new MemoryAudit(),
    }
    this.manager = new SessionCore(
      hooks,
      { ...WIDE_OPEN, cleanupIntervalMs: 1_000 },
      {
        store: this.store,
        party: () => party,
        sign: key.sign,
        verify: (...all) => Promise.resolve(isSignedBy(...all)),
        clock: SYSTEM_CLOCK,
      },
    )
    this.manager.on('storeFailed', () => {
      this.failures += 1
    })
    this.manager.start()
  }

  /** Takes nothing new, and waits until all is written. */
  async stop(): Promise<void> {
    await this.manager.drain(10_000)
    await this.store.settle()
  }
}
