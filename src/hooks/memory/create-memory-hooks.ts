import { requiredFields } from '../required-fields.ts'
import type { AuditHook, IdentityHook, SessionHooks } from '../session-hooks.ts'
import { MemoryAudit } from './memory-audit.ts'
import { MemoryDatabases } from './memory-databases.ts'
import { MemoryTokens } from './memory-tokens.ts'

/** The parts that a host may bring itself. */
export interface MemoryHooksInit {
  /** @default new tokens, none issued yet */
  readonly tokens?: MemoryTokens
  /** @default every required field must be there and not blank */
  readonly identity?: IdentityHook
  /** Told every audit event. @default the last 10,000 are kept in memory */
  readonly log?: AuditHook
}

/** Hooks that forget everything when the process ends: for tests, trials, and hosts that add their own. */
export interface MemoryHooks extends SessionHooks {
  readonly token: MemoryTokens
  readonly database: MemoryDatabases
}

export function createMemoryHooks(init: MemoryHooksInit = {}): MemoryHooks {
  return {
    token: init.tokens ?? new MemoryTokens(),
    identity: init.identity ?? requiredFields,
    database: new MemoryDatabases(),
    audit: init.log ?? new MemoryAudit(),
  }
}
