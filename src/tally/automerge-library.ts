import { createRequire } from 'node:module'
import type * as Automerge from '@automerge/automerge'

const require = createRequire(import.meta.url)

/**
 * Returns Automerge, loaded at first use: its 3.6 MB of WebAssembly take some 25–60 ms, which no start and no
 * bootstrap should pay for. Loaded with `require`, because a replica is opened inside a store transaction, which
 * can't wait; Node's entry reads the WebAssembly from its own package, and fetches nothing.
 */
export function automergeLibrary(): typeof Automerge {
  return require('@automerge/automerge')
}
