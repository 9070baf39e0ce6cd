import type { Socket } from 'node:net'
import { Server } from 'node:net'
import type { Listener, MultiaddrConnection } from '@libp2p/interface'
import type { NetworkLimits } from '../base/limits.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'
import { changed, requireMethods } from './packages.ts'

const INSIDE = '@libp2p/websockets'

/**
 * Bounds a WebSocket listener, which has no setting for any of it: the size of one message, the number of sockets, and
 * the time until a socket has asked for a WebSocket; and closes the sockets that have not when the listener stops.
 *
 * Written for @libp2p/websockets 10.1.21 and ws 8.23.0: reads the private fields `server` and `wsServer` of a listener,
 * replaces its `close`, and in the `WebSocketServer` of ws sets `options.maxPayload` and replaces `handleUpgrade`.
 * @throws PatchedInternalsError
 */
export function guardWebSocketListener(listener: Listener, limits: NetworkLimits): void {
  const wsServer: unknown = Reflect.get(listener, 'wsServer')
  if (!isObject(wsServer)) throw changed(INSIDE, 'WebSocketListener.wsServer')
  const server: unknown = Reflect.get(listener, 'server')
  if (!(server instanceof Server)) throw changed(INSIDE, 'WebSocketListener.server')
  requireMethods(listener, ['close'], INSIDE, 'WebSocketListener')
  const options: unknown = Reflect.get(wsServer, 'options')
  if (!isObject(options) || typeof Reflect.get(options, 'maxPayload') !== 'number') {
    throw changed('ws', 'WebSocketServer.options.maxPayload')
  }
  Reflect.set(options, 'maxPayload', limits.maxWebSocketMessageBytes)
  guardSockets(listener, server, limits, wsServer)
}

function guardSockets(
  listener: Listener,
  server: Server,
  limits: NetworkLimits,
  wsServer: object,
): void {
  const sockets = new Set<Socket>()
  const asked = tellAsked(wsServer)
  server.maxConnections = limits.maxConnections + limits.maxPendingConnections
  server.on('connection', (socket) => {
    sockets.add(socket)
    const clear = patientDeadline(limits.upgradeTimeoutMs, () => socket.destroy())
    asked.set(socket, clear)
    socket.once('close', () => {
      clear()
      sockets.delete(socket)
    })
  })
  const close = listener.close.bind(listener)
  listener.close = async () => {
    const closed = close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
}

/**
 * Calls back when a socket has asked for a WebSocket; from then on the upgrade of the connection has a deadline.
 * @returns the callbacks, to be filled in by socket
 */
function tellAsked(wsServer: object): WeakMap<object, () => void> {
  const asked = new WeakMap<object, () => void>()
  requireMethods(wsServer, ['handleUpgrade'], 'ws', 'WebSocketServer')
  const handle: (...all: unknown[]) => unknown = Reflect.get(wsServer, 'handleUpgrade')
  Reflect.set(wsServer, 'handleUpgrade', (request: unknown, socket: object, ...rest: unknown[]) => {
    asked.get(socket)?.()
    Reflect.apply(handle, wsServer, [request, socket, ...rest])
  })
  return asked
}

/**
 * Mends a WebSocket connection: an error of its socket ends that connection and nothing else, an abort ends the socket,
 * and while an inbound connection is paused its socket is not read.
 *
 * Written for @libp2p/websockets 10.1.21: reads the private field `websocket` of a connection and replaces its protected
 * methods `sendPause` and `sendResume`. An inbound socket is a `WebSocket` of ws 8.23.0, with `pause`, `resume`,
 * `terminate` and an `error` event; an outbound one is Node's own, which has `close` only.
 * @throws PatchedInternalsError
 */
export function mendWebSocket(connection: MultiaddrConnection): void {
  const websocket: unknown = Reflect.get(connection, 'websocket')
  if (!isObject(websocket)) throw changed(INSIDE, 'WebSocketMultiaddrConnection.websocket')
  requireMethods(connection, ['sendPause', 'sendResume'], INSIDE, 'WebSocketMultiaddrConnection')
  if (connection.direction === 'inbound') {
    requireMethods(websocket, ['on', 'pause', 'resume', 'terminate'], 'ws', 'WebSocket')
    // The `close` event that follows says what went wrong.
    call(websocket, 'on', 'error', () => undefined)
    Reflect.set(connection, 'sendPause', () => call(websocket, 'pause'))
    Reflect.set(connection, 'sendResume', () => call(websocket, 'resume'))
  } else {
    requireMethods(websocket, ['close'], INSIDE, 'WebSocketMultiaddrConnection.websocket')
  }
  const end = connection.direction === 'inbound' ? 'terminate' : 'close'
  connection.addEventListener('close', (event) => {
    if (event.error !== undefined) call(websocket, end)
  })
}

function call(object: object, name: string, ...all: readonly unknown[]): void {
  const method: (...all: unknown[]) => unknown = Reflect.get(object, name)
  Reflect.apply(method, object, all)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
