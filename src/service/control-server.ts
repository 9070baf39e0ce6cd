import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import {
  CONTROL_TIMEOUT_MS,
  type ControlAnswer,
  type ControlRequest,
  type ListenerStatus,
  MAX_CONTROL_LINE,
} from './control-protocol.ts'

/** Clients at once: a handful of commands, not a public service. */
const MAX_CLIENTS = 32

/** What a listener can be asked to do. */
export interface ControlCommands {
  status(): ListenerStatus
  /** True if such a session was under way. */
  cancel(sessionId: string): boolean
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
    const server = createServer((socket) => this.#serve(socket))
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
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) socket.end(`${JSON.stringify(this.#answer(text.slice(0, end)))}\n`)
      else if (text.length > MAX_CONTROL_LINE) socket.destroy()
    })
  }

  #answer(line: string): ControlAnswer {
    const request = requestIn(line)
    switch (request?.command) {
      case 'status':
        return { ok: true, status: this.#commands.status() }
      case 'cancel':
        return { ok: true, cancelled: this.#commands.cancel(request.sessionId) }
      case undefined:
        return { ok: false, error: 'not a request' }
      default:
        return request satisfies never
    }
  }
}

/** Undefined for what is no request of ours. */
function requestIn(line: string): ControlRequest | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('command' in value)) return undefined
  if (value.command === 'status') return { command: 'status' }
  return value.command === 'cancel' && 'sessionId' in value && typeof value.sessionId === 'string'
    ? { command: 'cancel', sessionId: value.sessionId }
    : undefined
}
