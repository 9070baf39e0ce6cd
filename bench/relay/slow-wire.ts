import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net'

/** Passes bytes on between a port of its own and another one on loopback, each some milliseconds after it came. */
export class SlowWire {
  readonly #port: number
  readonly #ms: number
  readonly #sockets = new Set<Socket>()
  readonly #server: Server

  /** @param ms one way */
  constructor(port: number, ms: number) {
    this.#port = port
    this.#ms = ms
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#join(near))
  }

  /** @returns its port */
  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    // A server on TCP has such an address.
    return (this.#server.address() as AddressInfo).port
  }

  stop(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  /** The other end is told of the connection as late as of all that comes over it. */
  #join(near: Socket): void {
    const far = createConnection({ port: this.#port, host: '127.0.0.1', noDelay: true })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('data', (bytes) => this.#later(() => other.write(bytes)))
      socket.on('end', () => this.#later(() => other.end()))
      socket.on('error', () => other.destroy())
      socket.on('close', () => this.#sockets.delete(socket))
    }
  }

  /** Timers of the same length fire in the order in which they were set. */
  #later(work: () => void): void {
    setTimeout(work, this.#ms)
  }
}
