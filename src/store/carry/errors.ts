/** A table has not arrived as it was sent. The source is as it was. */
export class CarriedDifferentlyError extends Error {
  override readonly name = 'CarriedDifferentlyError'
  readonly code = 'carried_differently'
  readonly table: string

  constructor(table: string, sent: number, arrived: number) {
    super(`table ${table} did not arrive as it was sent (${sent} rows sent, ${arrived} arrived)`)
    this.table = table
  }
}

/** The target holds something already. Nothing was changed. */
export class CarryTargetError extends Error {
  override readonly name = 'CarryTargetError'
  readonly code = 'carry_target'
  readonly path: string

  constructor(path: string) {
    super(`the store ${path} is not empty`)
    this.path = path
  }
}

/** Nodes are at work on the store, or have audits of their own in it, which a file has no place for. */
export class CarryNodesError extends Error {
  override readonly name = 'CarryNodesError'
  readonly code = 'carry_nodes'
  readonly path: string

  constructor(path: string, problem: string) {
    super(`the store ${path} ${problem}`)
    this.path = path
  }
}

/** The store was not carried over, so there is nothing to take back. */
export class NotCarriedError extends Error {
  override readonly name = 'NotCarriedError'
  readonly code = 'not_carried'
  readonly path: string

  constructor(path: string) {
    super(`the store ${path} was not carried over`)
    this.path = path
  }
}
