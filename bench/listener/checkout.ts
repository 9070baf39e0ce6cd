import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Role } from '../../src/protocol/base/role.ts'
import type { SessionConfig } from '../../src/session/config/session-config.ts'

/** Options of a listener's process. */
export interface ListenerOptions {
  /** Its data directory. */
  readonly directory: string
  readonly config?: Partial<SessionConfig>
  /** One session in ten meets a hook that goes wrong. @default false */
  readonly hooksFail?: boolean
  /** Relays at which it has a place before it is ready. @default none */
  readonly relays?: readonly string[]
  /** Standing ones. */
  readonly invitations: readonly { readonly role: Role; readonly required?: readonly string[] }[]
}

/** A checkout of the project, whose own processes of the bench are started. */
export interface Checkout {
  /** Names its folders, where two of them are measured together. */
  readonly name: string
  readonly root: string
  readonly layout: BenchLayout
}

/** The places and arguments of a bench's processes. They answer the same messages in each layout, but for `question`. */
interface BenchLayout {
  readonly listener: string
  readonly wholeClient: string
  readonly listenerArgs: (options: ListenerOptions) => string[]
  /** Asks a listener's process for its counts. */
  readonly question: 'state' | 'store'
}

const ROOMS: BenchLayout = {
  listener: 'bench/listener/listener-process.ts',
  wholeClient: 'bench/listener/whole-client.ts',
  listenerArgs: (options) => [JSON.stringify(options)],
  question: 'state',
}

/** As of 2026-11-22. All invitations are of one role. */
const FLAT: BenchLayout = {
  listener: 'bench/listener-server.ts',
  wholeClient: 'bench/whole-client.ts',
  listenerArgs: ({ directory, invitations }) => [
    directory,
    invitations[0]?.role ?? 'stock',
    `${invitations.length}`,
  ],
  question: 'store',
}

/** The checkout that this file is in. */
export const HERE: Checkout = {
  name: 'now',
  root: join(import.meta.dirname, '../..'),
  layout: ROOMS,
}

/** Takes another checkout for one to measure beside this one. @throws Error if it has no bench that we know */
export function otherCheckout(path: string): Checkout {
  const root = resolve(path)
  const layout = [ROOMS, FLAT].find(({ listener }) => existsSync(join(root, listener)))
  if (layout === undefined) throw new Error(`${root} has no bench with a listener`)
  return { name: 'before', root, layout }
}
