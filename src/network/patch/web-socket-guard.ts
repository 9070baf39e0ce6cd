import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { Server } from 'node:net'
import type { Listener, MultiaddrConnection } from '@libp2p/interface'
import type { NetworkLimits } from '../base/limits.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'

// @libp2p/websockets offers no setting for any of what follows, so its objects are reached into,
// each time by a check that does nothing where the shape is another one. The tests would notice.

/**
 * Bounds a WebSocket listener: the size of one message, and the time until a socket has asked for a WebSocket. It
 * neither times out who says nothing nor who says it a byte at a time (its HTTP server does not listen itself, and so
 * looks at no deadline), nor closes them when it stops, so that stopping hangs.
 */
export function guardWebSocketListener(listener: Listener, limits: NetworkLimits): Listener {
  if (!('wsServer' in listener) || !isObject(listener.wsServer)) return listener
  if ('options' in listener.wsServer && isObject(listener.wsServer.options)) {
    Reflect.set(listener.wsServer.options, 'maxPayload', limits.maxWebSocketMessageBytes)
  }
  if ('server' in listener && listener.server instanceof Server) {
    guardSockets(listener, listener.server, limits, listener.wsServer)
  }
  return listener
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

/** What to do when a socket has asked for a WebSocket: from then on the upgrade of the connection has a deadline. */
function tellAsked(wsServer: object): WeakMap<object, () => void> {
  const asked = new WeakMap<object, () => void>()
  const handle: unknown = Reflect.get(wsServer, 'handleUpgrade')
  if (typeof handle !== 'function') return asked
  Reflect.set(wsServer, 'handleUpgrade', (request: unknown, socket: object, ...rest: unknown[]) => {
    asked.get(socket)?.()
    Reflect.apply(handle, wsServer, [request, socket, ...rest])
  })
  return asked
}

/**
 * Mends a WebSocket connection. A frame against the WebSocket protocol is an `error` event, to which
 * nobody listens: any stranger could end this process with three bytes. And its abort closes the
 * socket with a code that no implementation accepts, which throws and leaves it open for good.
 */
export function mendWebSocket(connection: MultiaddrConnection): void {
  if (!('websocket' in connection) || !isObject(connection.websocket)) return
  const { websocket } = connection
  // What went wrong shows in the `close` event that follows.
  if (websocket instanceof EventEmitter) websocket.on('error', () => undefined)
  connection.addEventListener('close', (event) => {
    if (event.error !== undefined) end(websocket)
  })
  // Its own do nothing, and all that a peer sends to a paused connection would pile up.
  Reflect.set(connection, 'sendPause', () => call(websocket, 'pause'))
  Reflect.set(connection, 'sendResume', () => call(websocket, 'resume'))
}

function call(websocket: object, name: 'pause' | 'resume'): void {
  const method = Reflect.get(websocket, name)
  if (typeof method === 'function') Reflect.apply(method, websocket, [])
}

function end(websocket: object): void {
  const method = Reflect.get(websocket, 'terminate') ?? Reflect.get(websocket, 'close')
  if (typeof method === 'function') Reflect.apply(method, websocket, [])
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
