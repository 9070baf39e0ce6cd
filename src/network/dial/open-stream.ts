import type { Connection, Stream } from '@libp2p/interface'
import type { NetworkLimits } from '../base/limits.ts'
import { STRICT_STREAM } from '../patch/strict-negotiation.ts'

/**
 * Opens a stream on a connection. Gives libp2p, which takes one signal, one of our own, because joining two of them leaks.
 * @param protocol id
 * @throws libp2p's errors, the signal's reason
 */
export async function openStream(
  connection: Connection,
  protocol: string,
  limits: NetworkLimits,
  signal: AbortSignal,
): Promise<Stream> {
  // It may have been given up while we connected; then the listener below would never be called.
  signal.throwIfAborted()
  const own = new AbortController()
  const abort = (): void => own.abort()
  const timer = setTimeout(abort, limits.negotiationTimeoutMs)
  signal.addEventListener('abort', abort)
  try {
    const options = {
      signal: own.signal,
      maxOutboundStreams: limits.maxStreamsPerConnection,
      runOnLimitedConnection: true,
      ...STRICT_STREAM,
    }
    return await connection.newStream([protocol], options)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
