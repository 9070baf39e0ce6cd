import { AbstractMultiaddrConnection, type SendResult } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { quietLogger } from '../guard/quiet-logger.ts'
import { changed } from './packages.ts'

/** A connection to nobody: what is sent is dropped, what comes is what a probe pushes. */
export class ProbeConnection extends AbstractMultiaddrConnection {
  constructor(direction: 'inbound' | 'outbound' = 'inbound') {
    super({
      direction,
      log: quietLogger.forComponent('probe'),
      remoteAddr: multiaddr('/ip4/127.0.0.1/tcp/1'),
    })
  }

  sendData({ byteLength }: { readonly byteLength: number }): SendResult {
    return { sentBytes: byteLength, canSendMore: true }
  }

  sendReset(): void {
    // There is nobody to tell.
  }

  async sendClose(): Promise<void> {
    // There is nobody to tell.
  }

  sendPause(): void {
    // There is nobody to tell.
  }

  sendResume(): void {
    // There is nobody to tell.
  }
}

/**
 * Makes sure that connections still call the methods that our patches replace on single ones of them.
 *
 * Written for @libp2p/utils 7.4.1, whose `AbstractMessageStream` is under the connections of every transport: its
 * protected methods `sendData`, `sendPause` and `sendResume`.
 * @throws PatchedInternalsError
 */
export function checkConnections(connection = new ProbeConnection()): void {
  const called = new Set<string>()
  for (const name of ['sendData', 'sendPause', 'sendResume']) {
    const method: unknown = Reflect.get(connection, name)
    if (typeof method !== 'function')
      throw changed('@libp2p/utils', `AbstractMessageStream.${name}`)
    Reflect.set(connection, name, (data: unknown): unknown => {
      called.add(name)
      return Reflect.apply(method, connection, [data])
    })
  }
  connection.send(Uint8Array.of(0))
  connection.pause()
  connection.resume()
  for (const name of ['sendData', 'sendPause', 'sendResume']) {
    if (!called.has(name)) throw changed('@libp2p/utils', `call of AbstractMessageStream.${name}`)
  }
  connection.abort(new Error('probed'))
}
