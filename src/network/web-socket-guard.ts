import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { Server } from 'node:net'
import type { Listener, MultiaddrConnection } from '@libp2p/interface'
import type { NetworkLimits } from './limits.ts'

// @libp2p/websockets offers no setting for any of what follows, so its objects are reached into,
// each time by a check that does nothing where the shape is another one. The tests would notice.

/**
 * Bounds a WebSocket listener: the size of one message, and the sockets that connect and then say
 * nothing, which it neither times out nor closes when it stops, so that stopping hangs.
 */
export function guardWebSocketListener(listener: Listener, limits: NetworkLimits): Listener {
  if (!('wsServer' in listener) || !isObject(listener.wsServer)) return listener
  if ('options' in listener.wsServer && isObject(listener.wsServer.options)) {
    Reflect.set(listener.wsServer.options, 'maxPayload', limits.maxWebSocketMessageBytes)
  }
  if ('server' in listener && listener.server instanceof Server) {
    guardSockets(listener, listener.server, limits)
  }
  return listener
}

function guardSockets(listener: Listener, server: Server, limits: NetworkLimits): void {
  const sockets = new Set<Socket>()
  server.maxConnections = limits.maxConnections + limits.maxPendingConnections
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // Lifted by the WebSocket library once the handshake is through.
    socket.setTimeout(limits.upgradeTimeoutMs, () => socket.destroy())
  })
  const close = listener.close.bind(listener)
  listener.close = async () => {
    const closed = close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
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
