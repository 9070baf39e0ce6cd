/** Another session took over this redemption; nothing was written. */
export class FenceLostError extends Error {
  override readonly name = 'FenceLostError'
  readonly code = 'fence_lost'
  readonly redemptionId: string

  constructor(redemptionId: string) {
    super(`redemption ${redemptionId} was taken over`)
    this.redemptionId = redemptionId
  }
}
