import { encodeMessage } from '../../protocol/message/message-codec.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import { refusalMessage } from './listener-answer.ts'
import { StreamTail } from './stream/stream-tail.ts'

/**
 * Says no to a stream that never becomes a session. Nothing of it is read.
 * @param ms how long the words may take to leave
 * @param afterMs how long the peer waits for them
 * @returns resolves when the stream is over
 */
export function refuseStream(
  transport: Transport,
  denial: Denial,
  clock: Clock,
  { ms, afterMs = 0 }: { readonly ms: number; readonly afterMs?: number },
): Promise<void> {
  const tail = new StreamTail(transport, clock)
  let waiting: Timer | undefined
  let isOver = false
  // It may be over by now, and says so at once.
  transport.listen({
    frame: () => undefined,
    problem: () => undefined,
    ended: () => undefined,
    closed: () => {
      isOver = true
      waiting?.clear()
      tail.end()
    },
  })
  const say = (): void => {
    tail.begin(ms, false)
    transport.send(encodeMessage(refusalMessage(denial))).then(
      () => transport.close(),
      () => transport.reset(),
    )
  }
  if (afterMs === 0) say()
  else if (!isOver) waiting = clock.after(afterMs, say)
  return tail.over
}
