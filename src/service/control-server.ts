import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import {
  CONTROL_TIMEOUT_MS,
  type ControlAnswer,
  type ListenerStatus,
  MAX_CONTROL_LINE,
} from './control-protocol.ts'

/** Clients at once: a handful of commands, not a public service. */
const MAX_CLIENTS = 32

/** Answers commands of the same user on a Unix socket, mode 0600. */
export class ControlServer {
  readonly #path: string
  readonly #status: () => ListenerStatus
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  constructor(path: string, status: () => ListenerStatus) {
    this.#path = path
    this.#status = status
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
    try {
      const request: unknown = JSON.parse(line)
      if (isStatusRequest(request)) return { ok: true, status: this.#status() }
    } catch {
      // Not JSON: told below, like any other thing that is no request.
    }
    return { ok: false, error: 'not a request' }
  }
}

function isStatusRequest(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'command' in value && value.command === 'status'
  )
}
