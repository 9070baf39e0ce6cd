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

/** How long an answer may take to be made and read, ms: a page of metrics is some 100 KB. */
const ANSWER_MS = 10_000

/** Requests of one connection that may wait while one is answered: scrapers send one, and wait. */
const MAX_WAITING = 8

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
  /** The oldest first, with the number of requests that are not answered yet. */
  readonly #sockets = new Map<Socket, number>()
  /** The answer that each connection was given last resolves when it is over. */
  readonly #turns = new WeakMap<Socket, Promise<void>>()

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
      (request, response) => this.#heard(request, response),
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
    this.#sockets.set(socket, 0)
    socket.once('close', () => this.#sockets.delete(socket))
    if (this.#sockets.size <= MAX_CONNECTIONS) return
    for (const [each, open] of this.#sockets) {
      if (open > 0) continue
      each.destroy()
      return
    }
  }

  /** Answers the requests of one connection one after the other; too many at once are the end of it. */
  #heard(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    const open = (this.#sockets.get(socket) ?? 0) + 1
    if (open > MAX_WAITING) {
      socket.destroy()
      return
    }
    this.#sockets.set(socket, open)
    const over = new Promise<void>((resolve) => response.once('close', resolve))
    void over.then(() => {
      const left = this.#sockets.get(socket)
      if (left !== undefined) this.#sockets.set(socket, left - 1)
    })
    response.on('error', () => request.destroy())
    const before = this.#turns.get(socket) ?? Promise.resolve()
    this.#turns.set(socket, over)
    void before.then(() => this.#answer(request, response))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (response.destroyed) return
    const late = setTimeout(() => request.socket.destroy(), ANSWER_MS)
    response.once('close', () => clearTimeout(late))
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
