import { readFileSync } from 'node:fs'
import { DEFAULT_NETWORK_LIMITS, type NetworkLimits } from '../../network/base/limits.ts'

/** Files beside connections: the store and its log, locks, 128 commands on the control socket, 33 readers of its pages. */
const OWN_FILES = 192

/** However few files there may be, a node with fewer connections serves nobody. */
const MIN_CONNECTIONS = 16

/** The part of what is left that connections may take before they are secured. */
const PENDING_SHARE = 0.25

type ConnectionLimits = Pick<NetworkLimits, 'maxConnections' | 'maxPendingConnections'>

/** The limits on connections that fit into a process's limit on open files. */
export interface FittingLimits {
  readonly limits: ConnectionLimits
  /** In words, if they are lower than they would be. */
  readonly note?: string
}

/** The number of files that this process may have open; undefined if the system does not say. */
export function maxOpenFiles(): number | undefined {
  try {
    const [, soft] =
      /^Max open files\s+(\d+)\s/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}

/** @param files that this process may have open; undefined: enough */
export function limitsFor(files: number | undefined): FittingLimits {
  const { maxConnections, maxPendingConnections } = DEFAULT_NETWORK_LIMITS
  const usual = { maxConnections, maxPendingConnections }
  if (files === undefined || files >= maxConnections + maxPendingConnections + OWN_FILES)
    return { limits: usual }
  const left = Math.max(MIN_CONNECTIONS, files - OWN_FILES)
  const pending = Math.min(maxPendingConnections, Math.ceil(left * PENDING_SHARE))
  const limits = {
    maxConnections: Math.min(maxConnections, Math.max(MIN_CONNECTIONS, left - pending)),
    maxPendingConnections: pending,
  }
  const instead = `${limits.maxConnections} connections at once instead of ${maxConnections}`
  return { limits, note: `this process may open ${files} files only (ulimit -n): ${instead}` }
}
