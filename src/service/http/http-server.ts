import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** Connections at once: some scrapers and probes, not a public service. */
const MAX_CONNECTIONS = 32

/** How long a request may take to come whole, ms: it is one line and some headers. */
const REQUEST_MS = 5_000

/** How long a connection may carry nothing, ms; slower readers are cut off. */
const IDLE_MS = 10_000

/** Longest headers, bytes. */
const MAX_HEADER_BYTES = 8_192

/** How often requests that take too long are looked for, ms. */
const CHECK_MS = 1_000

export interface Page {
  readonly status: 200 | 404 | 405 | 413 | 500 | 503
  readonly type: string
  readonly text: string
}

/** The page of a path. Undefined: there is none. */
export type PageOf = (path: string) => Page | undefined | Promise<Page | undefined>

/** A few pages to read, over HTTP. Nothing can be changed through it. */
export class HttpServer {
  readonly #pageOf: PageOf
  #server: Server | undefined
  /** The oldest first; true while it is answered. */
  readonly #sockets = new Map<Socket, boolean>()

  constructor(pageOf: PageOf) {
    this.#pageOf = pageOf
  }

  /** @returns where it listens, as a URL @throws what the system says if it can't listen there */
  async start(host: string, port: number): Promise<string> {
    const server = createServer(
      {
        headersTimeout: REQUEST_MS,
        requestTimeout: REQUEST_MS,
        keepAliveTimeout: REQUEST_MS,
        connectionsCheckingInterval: CHECK_MS,
        maxHeaderSize: MAX_HEADER_BYTES,
      },
      (request, response) => void this.#answer(request, response),
    )
    server.on('connection', (socket) => this.#admit(socket))
    server.setTimeout(IDLE_MS)
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
    return urlOf(server.address(), host)
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }

  /** Makes room for a probe: of the connections without a request under way, the oldest gives way. */
  #admit(socket: Socket): void {
    this.#sockets.set(socket, false)
    socket.once('close', () => this.#sockets.delete(socket))
    if (this.#sockets.size <= MAX_CONNECTIONS) return
    for (const [each, isAnswered] of this.#sockets) {
      if (isAnswered) continue
      each.destroy()
      return
    }
  }

  #mark(socket: Socket, isAnswered: boolean): void {
    if (this.#sockets.has(socket)) this.#sockets.set(socket, isAnswered)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request
    this.#mark(socket, true)
    response.once('close', () => this.#mark(socket, false))
    response.on('error', () => request.destroy())
    const page = await this.#page(request)
    const isBodyComing = hasBody(request)
    response.writeHead(page.status, {
      'Content-Type': page.type,
      'Content-Length': Buffer.byteLength(page.text),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(page.status === 405 ? { Allow: 'GET, HEAD' } : {}),
      // Further requests on this connection are not read.
      ...(isBodyComing ? { Connection: 'close' } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : page.text)
  }

  async #page(request: IncomingMessage): Promise<Page> {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(405, 'only GET and HEAD')
    if (hasBody(request)) return plain(413, 'nothing is taken')
    const [path = ''] = (request.url ?? '').split('?')
    try {
      return (await this.#pageOf(path)) ?? plain(404, 'not here')
    } catch {
      return plain(500, 'this can’t be told now')
    }
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function plain(status: Page['status'], text: string): Page {
  return { status, type: 'text/plain; charset=utf-8', text: `${text}\n` }
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
