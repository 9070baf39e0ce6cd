/** The manager does not know its node yet: `registerWithLibP2P(node)` first. */
export class NotRegisteredError extends Error {
  override readonly name = 'NotRegisteredError'
  readonly code = 'not_registered'

  constructor() {
    super('the manager does not know its node yet: call registerWithLibP2P(node) first')
  }
}
