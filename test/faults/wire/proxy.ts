import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net'

/** Whither bytes go. */
export type Direction = 'toListener' | 'toInvitee'

export const DIRECTIONS: readonly Direction[] = ['toListener', 'toInvitee']

/** What happens to bytes on a wire that carries them in the clear to nobody: they are encrypted. */
export type WireFault =
  /** Both sides get a RST. */
  | 'reset'
  /** Both sides get a FIN, and nothing after it. */
  | 'cut'
  /** The receiver gets a FIN; the other direction goes on. */
  | 'halfClose'
  /** Swallowed, for ever, without a word. */
  | 'blackHole'
  /** One byte at a time. */
  | 'crumbs'
  /** Each chunk comes later. */
  | 'delay'

export const WIRE_FAULTS: readonly WireFault[] = [
  'reset',
  'cut',
  'halfClose',
  'blackHole',
  'crumbs',
  'delay',
]

/** How late delayed bytes are, ms: more than a turn of the event loop, less than any deadline. */
const DELAY_MS = 40

interface Lane {
  /** Bytes that went through so far, of all connections. */
  passed: number
  /** Bytes that still pass before the fault begins; Infinity without one. */
  left: number
  fault: WireFault | undefined
  /** The fault has met bytes. */
  struck: boolean
}

/**
 * Stands between a dialer and a listener on loopback, and passes bytes on until told otherwise. A fault
 * holds for every connection, from the moment that it begins.
 */
export class FaultProxy {
  readonly #port: number
  readonly #lanes: Record<Direction, Lane> = { toListener: clear(), toInvitee: clear() }
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  /** @param port of the real listener on 127.0.0.1 */
  constructor(port: number) {
    this.#port = port
  }

  /** A fault has met bytes. */
  get struck(): boolean {
    return DIRECTIONS.some((direction) => this.#lanes[direction].struck)
  }

  /** @returns the multiaddr to dial instead of the listener's */
  async start(): Promise<string> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#join(near))
    this.#server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `/ip4/127.0.0.1/tcp/${portOf(server.address())}`
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    const server = this.#server
    await new Promise<void>((resolve) => {
      if (server === undefined) resolve()
      else server.close(() => resolve())
    })
  }

  /** Bytes that went this way so far. */
  passed(direction: Direction): number {
    return this.#lanes[direction].passed
  }

  /** Begin a fault once `after` more bytes have gone this way. */
  fail(direction: Direction, fault: WireFault, after = 0): void {
    const lane = this.#lanes[direction]
    lane.fault = fault
    lane.left = after
  }

  #join(near: Socket): void {
    const options = { port: this.#port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }
    const far = createConnection(options)
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      // What one side suffers the other one hears of, as on a real wire.
      socket.on('error', end)
      socket.on('close', () => this.#sockets.delete(socket))
    }
    this.#pump(near, far, this.#lanes.toListener)
    this.#pump(far, near, this.#lanes.toInvitee)
  }

  #pump(from: Socket, to: Socket, lane: Lane): void {
    let queue = Promise.resolve()
    from.on('data', (bytes: Buffer) => {
      queue = queue.then(() => carry(lane, bytes, from, to))
    })
    from.on('end', () => {
      queue = queue.then(() => {
        if (lane.fault !== 'blackHole' || lane.left > 0) to.end()
      })
    })
  }
}

function clear(): Lane {
  return { passed: 0, left: Number.POSITIVE_INFINITY, fault: undefined, struck: false }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return address.port
}

async function carry(lane: Lane, bytes: Buffer, from: Socket, to: Socket): Promise<void> {
  const sound = bytes.subarray(0, lane.left)
  const rest = bytes.subarray(sound.length)
  lane.left -= sound.length
  lane.passed += sound.length
  if (sound.length > 0) to.write(sound)
  if (lane.left > 0 || lane.fault === undefined) return
  lane.struck = true
  switch (lane.fault) {
    case 'reset':
      from.resetAndDestroy()
      to.resetAndDestroy()
      break
    case 'cut':
      from.end()
      to.end()
      from.removeAllListeners('data').resume()
      to.removeAllListeners('data').resume()
      break
    case 'halfClose':
      to.end()
      break
    case 'blackHole':
      break
    case 'crumbs':
      for (const byte of rest) await crumb(to, byte)
      lane.passed += rest.length
      break
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, DELAY_MS))
      to.write(rest)
      lane.passed += rest.length
      break
    default:
      lane.fault satisfies never
  }
}

/** A turn of the event loop between two bytes, so that the receiver reads them apart. */
async function crumb(to: Socket, byte: number): Promise<void> {
  if (to.destroyed || to.writableEnded) return
  to.write(Uint8Array.of(byte))
  await new Promise((resolve) => setImmediate(resolve))
}
