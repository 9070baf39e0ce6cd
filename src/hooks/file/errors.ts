/**
 * A database was built, or begun, by hooks of the host's own, and this process was started without them. Nothing was built
 * or removed; what is owed stays owed.
 */
export class OwnHooksMissingError extends Error {
  override readonly name = 'OwnHooksMissingError'
  readonly code = 'database_setup'
  readonly tallyId: string

  constructor(tallyId: string) {
    super(
      `the database of tally ${tallyId} was begun by your own hooks, which are not set now: \`taleus config set hooks\` or \`hook-command\``,
    )
    this.tallyId = tallyId
  }
}

/** A database that hooks of the host's own have built is to go, and they have no way to remove it: it stays owed. */
export class OwnRemovalMissingError extends Error {
  override readonly name = 'OwnRemovalMissingError'
  readonly code = 'database_setup'
  readonly tallyId: string

  constructor(tallyId: string) {
    super(
      `your own hooks have no \`database.deprovision\` to remove the database of tally ${tallyId}`,
    )
    this.tallyId = tallyId
  }
}
