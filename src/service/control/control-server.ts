import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FeedReader, MAX_FEED_READERS } from '../feed/event-feed.ts'
import { onLine } from './control-line.ts'
import {
  CONTROL_TIMEOUT_MS,
  CONTROL_VERSION,
  type ControlAnswer,
  type ControlCommand,
  type ControlRequest,
  type ControlRequestOf,
  type ControlResults,
  controlRequest,
  REAP_TIMEOUT_MS,
} from './control-protocol.ts'
import { streamFeed } from './follow-stream.ts'

/** Clients at once: a handful of commands and followers, not a public service. */
const MAX_CLIENTS = 64

/** Further clients that are told so at once; beyond them the connection is closed without a word. */
const MAX_TURNED_AWAY = 64

/** How long followers may take at the end to hear the last words, ms. */
const LAST_WORDS_MS = 200

/** Commands that one line answers. */
type OneAnswer = Exclude<ControlCommand, 'follow'>

type OneAnswerCommands = {
  readonly [Name in OneAnswer]: (
    request: ControlRequestOf<Name>,
  ) => ControlResults[Name] | Promise<ControlResults[Name]>
}

/** What a listener does when it is asked to. What it throws is told to the client, and harms nobody else. */
export interface ControlCommands extends OneAnswerCommands {
  /** A place at the event feed; undefined if none is free. */
  follow(): FeedReader | undefined
}

/** Answers commands of the same user on a Unix socket, mode 0600. */
export class ControlServer {
  readonly #path: string
  readonly #commands: ControlCommands
  readonly #sockets = new Set<Socket>()
  /** For as long as it takes to tell them. */
  readonly #turnedAway = new Set<Socket>()
  readonly #streams = new Set<Promise<void>>()
  #server: Server | undefined

  constructor(path: string, commands: ControlCommands) {
    this.#path = path
    this.#commands = commands
  }

  /** The caller holds the listener's lock, so whatever is at the path is a dead listener's. */
  async start(): Promise<void> {
    rmSync(this.#path, { force: true })
    // A client may end its side with its request; the answer still goes out.
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket))
    server.maxConnections = MAX_CLIENTS + MAX_TURNED_AWAY
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#path, () => {
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
    rmSync(this.#path, { force: true })
  }

  #serve(socket: Socket): void {
    const isFull = this.#sockets.size >= MAX_CLIENTS
    const sockets = isFull ? this.#turnedAway : this.#sockets
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    onLine(socket, (line) => {
      // Answered only now: who closes on what it has not read yet takes its own answer back.
      if (isFull) socket.end(lineOf(NO_PLACE))
      else void this.#heard(socket, line)
    })
  }

  async #heard(socket: Socket, line: string): Promise<void> {
    const request = requestIn(line)
    if ('ok' in request) socket.end(lineOf(request))
    else if (request.command === 'follow') this.#follow(socket)
    else if (request.command === 'reap') await this.#takeTime(socket, request)
    else socket.end(lineOf(await this.#answer(request)))
  }

  async #takeTime(socket: Socket, request: ControlRequestOf<'reap'>): Promise<void> {
    socket.setTimeout(REAP_TIMEOUT_MS)
    const answer = await this.#answer(request)
    socket.setTimeout(CONTROL_TIMEOUT_MS)
    socket.end(lineOf(answer))
  }

  #follow(socket: Socket): void {
    const reader = this.#commands.follow()
    if (reader === undefined) {
      socket.end(lineOf(NO_SEAT))
      return
    }
    socket.setTimeout(0)
    socket.write(lineOf({ v: CONTROL_VERSION, ok: true, result: { following: true } }))
    const stream = streamFeed(socket, reader)
    this.#streams.add(stream)
    void stream.finally(() => this.#streams.delete(stream))
  }

  async #answer(request: ControlRequestOf<OneAnswer>): Promise<ControlAnswer> {
    try {
      const result = await perform(this.#commands, request.command, request)
      return { v: CONTROL_VERSION, ok: true, result }
    } catch (error) {
      return refuse('failed', error instanceof Error ? error.message : String(error))
    }
  }
}

function perform<Name extends OneAnswer>(
  commands: OneAnswerCommands,
  command: Name,
  request: ControlRequestOf<Name>,
): ControlResults[Name] | Promise<ControlResults[Name]> {
  return commands[command](request)
}

function lineOf(answer: ControlAnswer): string {
  return `${JSON.stringify(answer)}\n`
}

type Refusal = Extract<ControlAnswer, { ok: false }>

const NO_PLACE = refuse('busy', `all ${MAX_CLIENTS} places of its control socket are taken`)
const NO_SEAT = refuse('busy', `all ${MAX_FEED_READERS} places of those who follow it are taken`)

/** The request in a line, or the answer to what is none. */
function requestIn(line: string): ControlRequest | Refusal {
  const value = parsed(line)
  if (versionOf(value) !== CONTROL_VERSION) {
    return refuse('version', `it speaks version ${CONTROL_VERSION} of the control protocol`)
  }
  const request = controlRequest.safeParse(value)
  return request.success ? request.data : refuse('bad_request', 'it does not know this request')
}

function refuse(code: Refusal['code'], error: string): Refusal {
  return { v: CONTROL_VERSION, ok: false, code, error }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined
}
