import type { Connection } from '@libp2p/interface'

/** A muxer, and one of its methods, which can be replaced. */
interface MuxerMethod {
  readonly muxer: object
  /** Calls it as it was when this was made. */
  readonly call: (...all: readonly unknown[]) => unknown
}

/** Finds the muxer of a connection, and a method that its types do not tell of. */
export function muxerMethod(connection: Connection, name: string): MuxerMethod {
  const muxer: unknown = Reflect.get(connection, 'muxer')
  if (typeof muxer !== 'object' || muxer === null) throw new TypeError('no muxer')
  const method: unknown = Reflect.get(muxer, name)
  if (typeof method !== 'function') throw new TypeError(`a muxer without ${name}`)
  return { muxer, call: (...all) => Reflect.apply(method, muxer, all) }
}
