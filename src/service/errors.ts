import type { Probe } from '../network/dial/probe.ts'

/** A listener holds the control socket and does not answer as it should: it hangs, is of another version, or failed. */
export class ControlError extends Error {
  override readonly name: string = 'ControlError'
  readonly code: 'control_failed' | 'control_busy' = 'control_failed'
  /** The end of a sentence about whoever was asked. */
  readonly problem: string

  constructor(problem: string, options: ErrorOptions & { asked?: 'listener' | 'relay' } = {}) {
    super(`the running ${options.asked ?? 'listener'} ${problem}`, options)
    this.problem = problem
  }
}

/** The listener is well, but as many commands and followers as it has places for hold one already. */
export class ControlBusyError extends ControlError {
  override readonly name = 'ControlBusyError'
  override readonly code = 'control_busy'

  /** @param taken which places, in the listener's words */
  constructor(taken: string) {
    super(`has no place left: ${taken}`)
  }
}

/** The manager does not know its node yet: `registerWithLibP2P(node)` first. */
export class NotRegisteredError extends Error {
  override readonly name = 'NotRegisteredError'
  readonly code = 'not_registered'

  constructor() {
    super('the manager does not know its node yet: call registerWithLibP2P(node) first')
  }
}

/** Nobody could be met at any address that this listener's links tell. */
export class OwnAddressesUnreachableError extends Error {
  override readonly name = 'OwnAddressesUnreachableError'
  readonly code = 'listener_unreachable'
  readonly probes: readonly Probe[]

  constructor(probes: readonly Probe[]) {
    const each = probes.map(({ address, problem = '' }) => `${address}: ${problem}`)
    super(`this listener can be met at none of its addresses (${each.join('; ')})`)
    this.probes = probes
  }
}

/** Another process already listens for this data directory. */
export class ListenerRunningError extends Error {
  override readonly name = 'ListenerRunningError'
  readonly code = 'listener_running'
  /** Its process id, if it answered. */
  readonly pid: number | undefined

  constructor(directory: string, pid: number | undefined) {
    const who = pid === undefined ? 'Another process' : `Process ${pid}`
    super(`${who} already listens for ${directory}`)
    this.pid = pid
  }
}

/** A command is at work in the data directory, so its store can't be carried over. */
export class StoreInUseHereError extends Error {
  override readonly name = 'StoreInUseHereError'
  readonly code = 'carry_running'

  constructor(directory: string) {
    super(`a command is at work in ${directory}`)
  }
}

/** There is no address that somebody could dial, so a link would be of no use. */
export class NoAddressError extends Error {
  override readonly name = 'NoAddressError'
  readonly code = 'no_address'

  constructor() {
    super('there is no address to put into the link')
  }
}

/** The trail does not verify: it is left as it is. */
export class TrailUnsoundError extends Error {
  override readonly name = 'TrailUnsoundError'
  readonly code = 'trail_unsound'

  /** @param undone says what was not done with it */
  constructor(undone = 'nothing of it was removed') {
    super(`the audit trail does not verify, and ${undone}: see \`audit verify\``)
  }
}

/** Another process already runs a relay for this data directory. */
export class RelayRunningError extends Error {
  override readonly name = 'RelayRunningError'
  readonly code = 'relay_running'

  constructor(directory: string) {
    super(`another process already runs a relay for ${directory}`)
  }
}

/** Those who may reserve at a relay can't be as they were named. */
export class RelayAccessError extends Error {
  override readonly name = 'RelayAccessError'
  readonly code = 'relay_access'
}

/** The credential for a tally's database is not in this store. */
export class NoCredentialError extends Error {
  override readonly name = 'NoCredentialError'
  readonly code = 'no_credential'
  readonly tallyId: string

  constructor(tallyId: string) {
    super(`the credential for the database of tally ${tallyId} is not kept here`)
    this.tallyId = tallyId
  }
}

/** A history takes more time or memory than there is for it: it may be sound or not. */
export class HistoryUncheckedError extends Error {
  override readonly name = 'HistoryUncheckedError'
  readonly code = 'history_unchecked'

  /** @param problem follows "the history …" */
  constructor(problem: string, options?: ErrorOptions) {
    super(`the history ${problem}`, options)
  }
}

const NODE_DIRECTORY = {
  is_node: 'this is the data directory of a node, and that takes the party’s own key',
  other_node: 'the certificate is for another node’s key',
  forged: 'the certificate is not signed by the party that it names',
  lapsed: 'the certificate has lapsed already',
  older: 'there is a newer certificate here',
  other_party: 'this data directory is that of another party',
} as const

/** A command does not go with a data directory that is a node's, or is to be. */
export class NodeDirectoryError extends Error {
  override readonly name = 'NodeDirectoryError'
  readonly code = 'node_directory'

  constructor(problem: keyof typeof NODE_DIRECTORY) {
    super(NODE_DIRECTORY[problem])
  }
}

const NODE_REGISTER = {
  unknown: 'is no node of this party',
  taken: 'is the name of another node',
  full: 'would be one node more than a party can have',
  retired: 'was retired: with --again it is certified all the same',
  not_at_work: 'is no other node that is at work on this store',
} as const

/** A node can't be entered, or is not there. */
export class NodeRegisterError extends Error {
  override readonly name = 'NodeRegisterError'
  readonly code = 'node_register'

  constructor(problem: keyof typeof NODE_REGISTER, named: string) {
    super(`${named} ${NODE_REGISTER[problem]}`)
  }
}
