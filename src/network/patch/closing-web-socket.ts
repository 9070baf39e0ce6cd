import type { Transport } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { DialOptions } from '../base/address-race.ts'
import { toError } from '../base/to-error.ts'
import { requireMethods } from './packages.ts'

const ADDRESS =
  /^\/(ip4|ip6|dns[46]?)\/([^/]+)\/tcp\/(\d+)\/(?:(ws)|tls\/sni\/([^/]+)\/ws|wss|tls\/ws)(?:\/p2p\/[^/]+)?$/

/**
 * Closes a WebSocket that was given up before it was open, which the package leaves to itself.
 *
 * Written for @libp2p/websockets 10.1.21: replaces the private method `_connect` of a transport.
 * @throws PatchedInternalsError
 */
export function closeWhatIsGivenUp(transport: Transport): void {
  requireMethods(transport, ['_connect'], '@libp2p/websockets', 'WebSockets')
  const stock: (address: Multiaddr, options: DialOptions) => unknown = Reflect.get(
    transport,
    '_connect',
  )
  Reflect.set(transport, '_connect', async (address: Multiaddr, options: DialOptions) => {
    const uri = uriOf(address.toString())
    if (uri === undefined) return await Reflect.apply(stock, transport, [address, options])
    return await openWebSocket(uri, options.signal)
  })
}

/** Of the addresses that our links and settings can name; undefined of others. */
function uriOf(address: string): string | undefined {
  const [, kind, host, port, plain, sni] = ADDRESS.exec(address) ?? []
  if (host === undefined) return undefined
  const name = kind === 'ip6' ? `[${host}]` : host
  return plain === undefined ? `wss://${sni ?? name}:${port}` : `ws://${name}:${port}`
}

async function openWebSocket(uri: string, signal: AbortSignal): Promise<WebSocket> {
  signal.throwIfAborted()
  const websocket = new WebSocket(uri)
  websocket.binaryType = 'arraybuffer'
  const end = Promise.withResolvers<void>()
  const giveUp = (): void => {
    end.reject(toError(signal.reason))
    websocket.close()
  }
  const fail = (event: Event): void => end.reject(toError(event))
  signal.addEventListener('abort', giveUp)
  websocket.addEventListener('open', () => end.resolve())
  websocket.addEventListener('error', fail)
  try {
    await end.promise
    return websocket
  } finally {
    signal.removeEventListener('abort', giveUp)
    websocket.removeEventListener('error', fail)
  }
}
