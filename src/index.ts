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
 * The whole quick start is in docs/library.md, and a test runs it: with these hooks, with hooks of one's own, and with
 * those that keep things.
 *
 * @module
 */

export type { MemoryHooks, MemoryHooksInit } from './hooks/memory/create-memory-hooks.ts'
export { createMemoryHooks } from './hooks/memory/create-memory-hooks.ts'
export type { HookHost, HookModule, OwnHooks } from './hooks/own/hook-module.ts'
export type {
  AuditHook,
  DatabaseAnswer,
  DatabaseHook,
  DatabaseResult,
  HookContext,
  HookRefusal,
  HostHooks,
  IdentityHook,
  PresentedToken,
  ProvisionContext,
  SessionAuditEvent,
  SessionHooks,
  TokenAnswer,
  TokenContext,
  TokenHook,
  TokenInfo,
} from './hooks/session-hooks.ts'
export type { HostConnection, HostNode, HostStream } from './network/node/host-node.ts'
export type { RecommendedOptionsInit } from './network/node/node-options.ts'
export { recommendedLibp2pOptions } from './network/node/node-options.ts'
export { BOOTSTRAP_PROTOCOL } from './network/stream/bootstrap-protocol.ts'
export { peerIdOfPublicKey, publicKeyOfPeerId } from './protocol/base/peer-id-text.ts'
export type { Role } from './protocol/base/role.ts'
export {
  AddressError,
  LinkError,
  LinkTooLongError,
  PeerIdError,
  ReceiptMalformedError,
} from './protocol/errors.ts'
export type { LinkContent } from './protocol/link/link.ts'
export { decodeLink, encodeLink } from './protocol/link/link.ts'
export { secretHashOf, tokenIdOf } from './protocol/link/secret.ts'
export type {
  BuiltDatabase,
  DatabaseConnection,
  IdentityBundle,
  Offer,
  RefusalCode,
} from './protocol/message/messages.ts'
export { judgeReceipt, type ReceiptVerdict } from './protocol/receipt/judge-receipt.ts'
export { parseReceipt } from './protocol/receipt/parse-receipt.ts'
export type { ReceiptBody, Receipted } from './protocol/receipt/receipt.ts'
export { NotRegisteredError } from './service/errors.ts'
export type {
  InvitationUpdate,
  InvitationUpdated,
} from './service/invitations/update-invitation.ts'
export type {
  DurableHooks,
  DurableHooksInit,
  DurableTokens,
} from './service/library/durable-hooks.ts'
export { durableHooks } from './service/library/durable-hooks.ts'
export type { DurablePeers } from './service/library/durable-peers.ts'
export type {
  InitiateOptions,
  SessionManagerInit,
} from './service/library/libp2p-session-manager.ts'
export { SessionManager } from './service/library/libp2p-session-manager.ts'
export type { Invitation, InvitationInit, MintedToken } from './service/library/mint-invitation.ts'
export { mintInvitation } from './service/library/mint-invitation.ts'
export { readReceipt } from './service/receipts/read-receipt.ts'
export type { WaitNews } from './service/waiting/not-yet.ts'
export type { SessionConfig } from './session/config/session-config.ts'
export { DEFAULT_SESSION_CONFIG } from './session/config/session-config.ts'
export type {
  BootstrapCompleted,
  BootstrapFailed,
  BootstrapOutcome,
} from './session/dialer/outcome.ts'
export { CommitInDoubtError } from './session/errors.ts'
export type { StoreLookups } from './session/ports/lookups.ts'
export type { JournalEntry, SessionSummary } from './session/ports/session-summary.ts'
export type { SessionStore } from './session/ports/store.ts'
export type { Submitted, Work, WorkOutcome } from './session/ports/work.ts'
export type { Write } from './session/ports/write.ts'
export type { SessionCounts, SessionEvents } from './session/trace/session-events.ts'
export { StoreDamagedError, StoreError, StoreNewerError } from './store/errors.ts'
export { openMemoryStore, openStore } from './store/transaction/store.ts'
