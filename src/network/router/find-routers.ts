import { createSocket, type Socket } from 'node:dgram'

/** A router that has answered on the local network. */
export interface FoundRouter {
  /** Its IPv4 address there. */
  readonly host: string
  /** Where it describes itself; at that address. */
  readonly location: URL
  /** The address of this computer from which it was found. */
  readonly own: string
}

export interface FindRoutersOptions {
  /** IPv4 addresses of this computer, on the networks that are to be asked. */
  readonly own: readonly string[]
  readonly signal: AbortSignal
  /** Where to ask. @default the group of SSDP */
  readonly group?: { readonly host: string; readonly port: number }
  /** For how long answers are awaited, ms. @default SEARCH_MS */
  readonly searchMs?: number
}

/** UPnP Device Architecture 1.1, 1.3.2: where control points search. */
const SSDP = { host: '239.255.255.250', port: 1900 }

/** Routers of the second version answer to the first one, too, and should; some do not. */
const TARGETS = [2, 1].map(
  (version) => `urn:schemas-upnp-org:device:InternetGatewayDevice:${version}`,
)

/** For how long answers are awaited, ms: those asked may take a second, and a question may get lost. */
const SEARCH_MS = 3_000

/** Ms between two questions. */
const ASK_AGAIN_MS = 1_000

/** How long after the first answer others are awaited, ms: homes have one router. */
const MORE_MS = 300

/** Answers that are looked at; and bytes of one. */
const MAX_ROUTERS = 4
const MAX_ANSWER_BYTES = 2_048

const LOCATION = /^location:[ \t]*(\S+)[ \t]*$/im

/**
 * Asks the local networks for routers that map ports (UPnP's Internet Gateway Device). An answer counts only if what it
 * points to is at the address that it comes from: nobody can send this computer to a third one.
 * @returns those that have answered; none if nobody did, or nothing could be asked
 */
export async function findRouters(options: FindRoutersOptions): Promise<readonly FoundRouter[]> {
  const search = new RouterSearch(options)
  return await search.run()
}

class RouterSearch {
  readonly #options: FindRoutersOptions
  readonly #found = new Map<string, FoundRouter>()
  readonly #sockets: Socket[] = []
  readonly #over = Promise.withResolvers<void>()
  #more: NodeJS.Timeout | undefined

  constructor(options: FindRoutersOptions) {
    this.#options = options
  }

  async run(): Promise<readonly FoundRouter[]> {
    const { own, signal, searchMs = SEARCH_MS } = this.#options
    const end = (): void => this.#over.resolve()
    signal.addEventListener('abort', end)
    const timer = setTimeout(end, searchMs)
    const again = setInterval(() => this.#ask(), ASK_AGAIN_MS)
    try {
      if (signal.aborted || own.length === 0) return []
      for (const address of own) this.#open(address)
      await this.#over.promise
      return [...this.#found.values()]
    } finally {
      signal.removeEventListener('abort', end)
      clearTimeout(timer)
      clearTimeout(this.#more)
      clearInterval(again)
      for (const socket of this.#sockets.splice(0)) socket.close()
    }
  }

  #open(own: string): void {
    const socket = createSocket('udp4')
    this.#sockets.push(socket)
    // A network that has gone meanwhile is one where nobody answers.
    socket.on('error', () => undefined)
    socket.on('message', (bytes, { address }) => this.#take(bytes, address, own))
    socket.bind({ address: own }, () => {
      try {
        socket.setMulticastInterface(own)
      } catch {
        return
      }
      this.#askBy(socket)
    })
  }

  #ask(): void {
    for (const socket of this.#sockets) this.#askBy(socket)
  }

  #askBy(socket: Socket): void {
    const { host, port } = this.#options.group ?? SSDP
    for (const target of TARGETS) {
      const lines = [
        'M-SEARCH * HTTP/1.1',
        `HOST: ${SSDP.host}:${SSDP.port}`,
        'MAN: "ssdp:discover"',
        'MX: 1',
        `ST: ${target}`,
      ]
      try {
        socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, host, () => undefined)
      } catch {
        // It is not bound yet, or could not be.
      }
    }
  }

  /** Nothing may throw out of a listener of the socket's. */
  #take(bytes: Buffer, host: string, own: string): void {
    const location = locationIn(bytes)
    const isThere = location?.protocol === 'http:' && location.hostname === host
    if (!isThere || this.#found.has(host) || this.#found.size >= MAX_ROUTERS) return
    this.#found.set(host, { host, location, own })
    this.#more ??= setTimeout(() => this.#over.resolve(), MORE_MS)
  }
}

function locationIn(bytes: Buffer): URL | undefined {
  if (bytes.length > MAX_ANSWER_BYTES) return undefined
  const text = bytes.toString('utf8')
  const [, location = ''] = LOCATION.exec(text) ?? []
  return text.startsWith('HTTP/1.1 200') ? (URL.parse(location) ?? undefined) : undefined
}
