import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FeedReader, MAX_FEED_READERS } from '../feed/event-feed.ts'
import {
  CONTROL_PATH,
  CONTROL_TIMEOUT_MS,
  CONTROL_VERSION,
  type ControlCommand,
  type ControlRequestOf,
  type ControlResults,
  controlRequests,
  REAP_TIMEOUT_MS,
} from './control-protocol.ts'
import { streamFeed } from './follow-stream.ts'
import { jsonBody } from './message-body.ts'
import { reachSocket, type SocketPath } from './reach-socket.ts'

/** Clients at once: a handful of commands and followers, not a public service. */
const MAX_CLIENTS = 64

/** Further clients that are told so at once; beyond them the connection is closed without a word. */
const MAX_TURNED_AWAY = 64

/** How long followers may take at the end to hear the last words, ms. */
const LAST_WORDS_MS = 200

/** Longest headers of a request, bytes: ours have a tenth of it. */
const MAX_HEADER_BYTES = 4_096

/** How often requests that take too long are looked for, ms. */
const CHECK_MS = 500

/** A request must come whole within the time that its sender waits for an answer. */
const BOUNDS = {
  headersTimeout: CONTROL_TIMEOUT_MS,
  requestTimeout: CONTROL_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
}

/** Commands that one answer ends. */
type OneAnswer = Exclude<ControlCommand, 'follow'>

type OneAnswerCommands = {
  readonly [Name in OneAnswer]: (
    request: ControlRequestOf<Name>,
  ) => ControlResults[Name] | Promise<ControlResults[Name]>
}

/** A listener's part of each command. An error that it throws is told to the client, and harms nobody else. */
export interface ControlCommands extends OneAnswerCommands {
  /** A place at the event feed; undefined if none is free. */
  follow(): FeedReader | undefined
}

/** Answers commands of the same user over HTTP on a Unix socket, mode 0600. */
export class ControlServer {
  readonly #path: string
  readonly #commands: Partial<ControlCommands>
  readonly #sockets = new Set<Socket>()
  /** For as long as it takes to tell them. */
  readonly #turnedAway = new Set<Socket>()
  readonly #streams = new Set<Promise<void>>()
  #server: Server | undefined
  #way: SocketPath | undefined

  /** @param commands those that are answered */
  constructor(path: string, commands: Partial<ControlCommands>) {
    this.#path = path
    this.#commands = commands
  }

  /** The caller holds the listener's lock, so whatever is at the path is a dead listener's. */
  async start(): Promise<void> {
    rmSync(this.#path, { force: true })
    // Closed last: the server removes its socket by this name.
    this.#way = reachSocket(this.#path)
    const { path } = this.#way
    const server = createServer(BOUNDS, (request, response) => void this.#heard(request, response))
    server.maxConnections = MAX_CLIENTS + MAX_TURNED_AWAY
    server.maxRequestsPerSocket = 1
    server.setTimeout(CONTROL_TIMEOUT_MS)
    server.on('connection', (socket) => this.#admit(socket))
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    })
    chmodSync(this.#path, 0o600)
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    await Promise.race([
      Promise.all(this.#streams),
      sleep(LAST_WORDS_MS, undefined, { ref: false }),
    ])
    for (const socket of [...this.#sockets, ...this.#turnedAway]) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    this.#way?.close()
    rmSync(this.#path, { force: true })
  }

  #admit(socket: Socket): void {
    const sockets = this.#sockets.size >= MAX_CLIENTS ? this.#turnedAway : this.#sockets
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  }

  async #heard(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => request.destroy())
    response.setHeader('Connection', 'close')
    try {
      const body = await jsonBody(request)
      // Whoever has hung up was told that it failed.
      if (!(await isThere(request.socket))) request.destroy()
      else if (this.#turnedAway.has(request.socket)) refuse(response, 503, NO_PLACE)
      else await this.#answer(request, response, body)
    } catch {
      // It broke off, or had no end.
      request.destroy()
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const { url = '', socket } = request
    if (!url.startsWith(CONTROL_PATH)) return refuse(response, 505, OTHER_VERSION)
    const name = url.slice(CONTROL_PATH.length)
    if (!isCommand(name) || this.#commands[name] === undefined)
      return refuse(response, 400, UNKNOWN)
    if (name === 'follow') return this.#follow(response)
    if (name === 'reap') socket.setTimeout(REAP_TIMEOUT_MS)
    const asked = controlRequests[name].safeParse(body)
    if (!asked.success) return refuse(response, 400, UNKNOWN)
    try {
      response.end(JSON.stringify(await perform(this.#commands, name, asked.data)))
    } catch (error) {
      refuse(response, 500, error instanceof Error ? error.message : String(error))
    } finally {
      socket.setTimeout(CONTROL_TIMEOUT_MS)
    }
  }

  #follow(response: ServerResponse): void {
    const reader = this.#commands.follow?.()
    if (reader === undefined) return refuse(response, 503, NO_SEAT)
    response.socket?.setTimeout(0)
    response.flushHeaders()
    const stream = streamFeed(response, reader)
    this.#streams.add(stream)
    void stream.finally(() => this.#streams.delete(stream))
  }
}

/**
 * False if the client has hung up. A listener that stood still reads the request and the end behind it one after the other:
 * so the loop turns once more before anything is done.
 */
async function isThere(socket: Socket): Promise<boolean> {
  for (let turns = 0; turns < 2; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  return !socket.destroyed && !socket.readableEnded
}

function perform<Name extends OneAnswer>(
  commands: Partial<OneAnswerCommands>,
  command: Name,
  request: ControlRequestOf<Name>,
): ControlResults[Name] | Promise<ControlResults[Name]> | undefined {
  return commands[command]?.(request)
}

function isCommand(name: string): name is ControlCommand {
  return Object.hasOwn(controlRequests, name)
}

const NO_PLACE = `all ${MAX_CLIENTS} places of its control socket are taken`
const NO_SEAT = `all ${MAX_FEED_READERS} places of those who follow it are taken`
const OTHER_VERSION = `it speaks version ${CONTROL_VERSION} of the control protocol`
const UNKNOWN = 'it does not know this request'

function refuse(response: ServerResponse, status: 400 | 500 | 503 | 505, why: string): void {
  response.writeHead(status).end(why)
}
