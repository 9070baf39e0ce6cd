import { encodeMessage } from '../../protocol/message/message-codec.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Clock } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import { refusalMessage } from './listener-answer.ts'
import { StreamTail } from './stream/stream-tail.ts'

/**
 * Says no to a stream that never becomes a session. Nothing of it is read.
 * @param ms how long the words may take to leave
 * @returns resolves when the stream is over
 */
export function refuseStream(
  transport: Transport,
  denial: Denial,
  clock: Clock,
  ms: number,
): Promise<void> {
  const tail = new StreamTail(transport, clock)
  transport.listen({
    frame: () => undefined,
    problem: () => undefined,
    ended: () => undefined,
    closed: () => tail.end(),
  })
  tail.begin(ms, false)
  transport.send(encodeMessage(refusalMessage(denial))).then(
    () => transport.close(),
    () => transport.reset(),
  )
  return tail.over
}
