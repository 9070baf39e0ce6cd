/**
 * Bootstrap tallies from a program of your own.
 *
 * ```ts
 * import { createMemoryHooks, SessionManager } from 'taleus/bootstrap'
 *
 * const manager = new SessionManager(createMemoryHooks())
 * await manager.registerWithLibP2P(node)
 * ```
 *
 * The whole quick start is in docs/library.md, and a test runs it.
 *
 * @module
 */

export type { MemoryHooks, MemoryHooksInit } from './hooks/memory/create-memory-hooks.ts'
export { createMemoryHooks } from './hooks/memory/create-memory-hooks.ts'
export type {
  AuditHook,
  DatabaseHook,
  DatabaseResult,
  HookContext,
  HookRefusal,
  IdentityHook,
  PresentedToken,
  ProvisionContext,
  SessionAuditEvent,
  SessionHooks,
  TokenHook,
  TokenInfo,
} from './hooks/session-hooks.ts'
export { BOOTSTRAP_PROTOCOL } from './network/bootstrap-protocol.ts'
export { AddressError } from './protocol/address-error.ts'
export { judgeReceipt, type ReceiptVerdict } from './protocol/judge-receipt.ts'
export type { LinkContent } from './protocol/link.ts'
export { decodeLink, encodeLink } from './protocol/link.ts'
export { LinkError } from './protocol/link-error.ts'
export { LinkTooLongError } from './protocol/link-too-long-error.ts'
export type {
  BuiltDatabase,
  DatabaseConnection,
  IdentityBundle,
  Offer,
  RefusalCode,
} from './protocol/messages.ts'
export { parseReceipt } from './protocol/parse-receipt.ts'
export { PeerIdError } from './protocol/peer-id-error.ts'
export { peerIdOfPublicKey, publicKeyOfPeerId } from './protocol/peer-id-text.ts'
export type { ReceiptBody, Receipted } from './protocol/receipt.ts'
export { ReceiptMalformedError } from './protocol/receipt-malformed-error.ts'
export type { Role } from './protocol/role.ts'
export { secretHashOf, tokenIdOf } from './protocol/secret.ts'
export type { Invitation, InvitationInit, MintedToken } from './service/mint-invitation.ts'
export { mintInvitation } from './service/mint-invitation.ts'
export { NotRegisteredError } from './service/not-registered-error.ts'
export { readReceipt } from './service/receipts/read-receipt.ts'
export type { InitiateOptions, SessionManagerInit } from './service/session-manager.ts'
export { SessionManager } from './service/session-manager.ts'
export type { BootstrapCompleted, BootstrapFailed, BootstrapOutcome } from './session/outcome.ts'
export type { JournalEntry, SessionStore, SessionSummary } from './session/ports/store.ts'
export type { SessionConfig } from './session/session-config.ts'
export { DEFAULT_SESSION_CONFIG } from './session/session-config.ts'
export type { SessionCounts, SessionEvents } from './session/session-events.ts'
export { openMemoryStore, openStore } from './store/store.ts'
export { StoreDamagedError } from './store/store-damaged-error.ts'
export { StoreError } from './store/store-error.ts'
export { StoreNewerError } from './store/store-newer-error.ts'
