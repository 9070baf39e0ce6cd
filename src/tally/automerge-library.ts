import { createRequire } from 'node:module'
import type * as Automerge from '@automerge/automerge'

const require = createRequire(import.meta.url)

/**
 * Automerge, loaded at first use: its 3.6 MB of WebAssembly take some 25–60 ms, which no start and no
 * bootstrap should pay for. Read with `require`, because what opens a replica runs inside a store
 * transaction and can't wait; Node's entry reads the WebAssembly from its own package, and fetches nothing.
 */
export function automergeLibrary(): typeof Automerge {
  return require('@automerge/automerge')
}
