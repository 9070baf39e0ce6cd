import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isOwnRequest } from './scan-request.ts'

/** The path is as hard to guess as a link's secret. */
const PATH_BYTES = 16

/** A link has at most 2,048 characters; this leaves room for a mail around it. */
const MAX_TEXT_BYTES = 64 * 1024

/** A browser opens some six connections; whoever holds more has no business here. */
const MAX_CONNECTIONS = 32

const HOST = '127.0.0.1'

/** The last answers have so long to get to the page, ms; then every connection is cut. */
const LAST_ANSWERS_MS = 1_000

const HEADERS = {
  'cache-control': 'no-store',
  connection: 'close',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const ANOTHER_TAB =
  'This page is open in another tab. Go on there, or close it and load this one again.'

export interface ScanServerInit {
  /** The page itself. */
  page(): Promise<string>
  /** The reader of codes, WebAssembly. */
  reader(): Promise<Uint8Array>
  /** The reason in words why a text is no link; undefined for one. */
  problemOf(text: string): string | undefined
}

/**
 * Serves one page on this computer, to one tab at a time, until it has handed over a link. Everything of it is below a path that is
 * not guessed, and all else is refused.
 */
export class ScanServer {
  readonly #init: ScanServerInit
  readonly #server: Server
  readonly #path = `/${randomBytes(PATH_BYTES).toString('base64url')}/`
  readonly #link = Promise.withResolvers<string>()
  #host = ''
  /** The answer that the one open tab waits for. */
  #tab: ServerResponse | undefined

  constructor(init: ScanServerInit) {
    this.#init = init
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
    this.#server.maxConnections = MAX_CONNECTIONS
  }

  /** Begins to serve. @returns the address of the page */
  async start(): Promise<string> {
    this.#server.listen(0, HOST)
    await once(this.#server, 'listening')
    const address = this.#server.address()
    this.#host = `${HOST}:${typeof address === 'object' ? address?.port : ''}`
    return `http://${this.#host}${this.#path}`
  }

  /** Resolves with the link that the page hands over. */
  get link(): Promise<string> {
    return this.#link.promise
  }

  /** Serves no more. @param reason in words, for the open tab */
  stop(reason: string): void {
    this.#tab?.end(reason)
    this.#server.close()
    this.#server.closeIdleConnections()
    setTimeout(() => this.#server.closeAllConnections(), LAST_ANSWERS_MS).unref()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnRequest(request, this.#host)) return refuse(response, 403)
    const { method, url = '' } = request
    if (!url.startsWith(this.#path)) return refuse(response, 404)
    switch (`${method} ${url.slice(this.#path.length)}`) {
      case 'GET ':
        if (this.#tab !== undefined) return refuse(response, 409, ANOTHER_TAB)
        return send(response, 'text/html; charset=utf-8', await this.#init.page())
      case 'GET reader.wasm':
        return send(response, 'application/wasm', await this.#init.reader())
      case 'GET tab':
        return this.#holdTab(response)
      case 'POST link':
        return await this.#take(request, response)
      default:
        return refuse(response, 404)
    }
  }

  /** Keeps the answer until there is no more to do for the tab; closing the tab makes room for another. */
  #holdTab(response: ServerResponse): void {
    if (this.#tab !== undefined) return refuse(response, 409, ANOTHER_TAB)
    this.#tab = response
    response.once('close', () => {
      this.#tab = undefined
    })
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' })
    response.flushHeaders()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readText(request)
    if (text === undefined) return refuse(response, 413, 'That is too long to be a link.')
    const problem = this.#init.problemOf(text)
    if (problem !== undefined) return refuse(response, 422, problem)
    response.once('close', () => this.#link.resolve(text))
    send(response, 'text/plain; charset=utf-8', '')
  }
}

function send(response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.writeHead(200, { ...HEADERS, 'content-type': type }).end(body)
}

function refuse(response: ServerResponse, status: number, reason = ''): void {
  response
    .writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' })
    .end(reason)
}

/** @returns undefined if there is more than a link with a mail around it */
async function readText(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length']) > MAX_TEXT_BYTES) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > MAX_TEXT_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString().trim()
}
