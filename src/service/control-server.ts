import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import {
  CONTROL_TIMEOUT_MS,
  CONTROL_VERSION,
  type ControlAnswer,
  type ControlCommand,
  type ControlProblem,
  type ControlRequestOf,
  type ControlResults,
  controlRequest,
  MAX_CONTROL_LINE,
} from './control-protocol.ts'

/** Clients at once: a handful of commands and followers, not a public service. */
const MAX_CLIENTS = 32

/** What a listener does when it is asked to. What it throws is told to the client, and harms nobody else. */
export type ControlCommands = {
  readonly [Name in ControlCommand]: (
    request: ControlRequestOf<Name>,
  ) => ControlResults[Name] | Promise<ControlResults[Name]>
}

/** Answers commands of the same user on a Unix socket, mode 0600. */
export class ControlServer {
  readonly #path: string
  readonly #commands: ControlCommands
  readonly #sockets = new Set<Socket>()
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
    server.maxConnections = MAX_CLIENTS
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
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    rmSync(this.#path, { force: true })
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setTimeout(CONTROL_TIMEOUT_MS, () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => {
      // Without a whole line there is nothing to answer.
      if (!text.includes('\n')) socket.destroy()
    })
    let text = ''
    let isAsked = false
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      if (isAsked) return
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) {
        isAsked = true
        void this.#answer(text.slice(0, end)).then((answer) =>
          socket.end(`${JSON.stringify(answer)}\n`),
        )
      } else if (text.length > MAX_CONTROL_LINE) socket.destroy()
    })
  }

  async #answer(line: string): Promise<ControlAnswer> {
    const value = parsed(line)
    if (versionOf(value) !== CONTROL_VERSION) {
      return refuse('version', `it speaks version ${CONTROL_VERSION} of the control protocol`)
    }
    const request = controlRequest.safeParse(value)
    if (!request.success) return refuse('bad_request', 'it does not know this request')
    try {
      return {
        v: CONTROL_VERSION,
        ok: true,
        result: await this.#perform(request.data.command, request.data),
      }
    } catch (error) {
      return refuse('failed', error instanceof Error ? error.message : String(error))
    }
  }

  #perform<Name extends ControlCommand>(command: Name, request: ControlRequestOf<Name>) {
    return this.#commands[command](request)
  }
}

function refuse(code: ControlProblem, error: string): ControlAnswer {
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
