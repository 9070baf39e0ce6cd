import type { Claim, Grant } from './machine/listener-state.ts'

/** The token was revoked after it was checked; nothing was written. */
export class ApprovalVoidError extends Error {
  override readonly name = 'ApprovalVoidError'
  readonly code = 'approval_void'
  readonly claim: Claim
  readonly grant: Grant

  constructor(claim: Claim, grant: Grant) {
    super(`token ${grant.tokenId} was revoked`)
    this.claim = claim
    this.grant = grant
  }
}
