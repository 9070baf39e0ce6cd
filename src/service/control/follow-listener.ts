import type { IncomingMessage } from 'node:http'
import type { FeedEvent } from '../feed/event-feed-event.ts'
import { parseFeedLine } from '../feed/event-feed-lines.ts'
import { type ListenerPlace, postCommand } from './control-client.ts'
import { CONTROL_TIMEOUT_MS } from './control-protocol.ts'

/** The longest line that is waited for, characters: far more than any event. */
const MAX_LINE = 1_048_576

/** One's own place at the running listener's event feed. Loop over it once. */
export interface Following extends AsyncIterable<FeedEvent> {
  /** No more: the loop ends. Idempotent. */
  close(): void
}

/**
 * Follows what happens in the running listener. The first events tell what is true now. The loop ends when the listener
 * stops, or is gone; its last event is `stopped` if it stopped in good order.
 * @returns undefined if no listener is running on this data directory
 * @throws ControlError if one is, and will not be followed; ControlBusyError if it has no place left
 */
export async function followListener(place: ListenerPlace): Promise<Following | undefined> {
  const response = await postCommand(place, 'follow', {}, CONTROL_TIMEOUT_MS)
  if (response === undefined) return undefined
  response.setEncoding('utf8')
  // From here on silence only means that nothing happens.
  response.socket.setTimeout(0)
  return {
    close: () => response.destroy(),
    [Symbol.asyncIterator]: () => eventsIn(linesOf(response)),
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let rest = ''
  try {
    for await (const chunk of response) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > MAX_LINE) return undefined
      yield* lines
    }
  } catch {
    // It is gone; how makes no difference to a reader.
  } finally {
    response.destroy()
  }
  return undefined
}

async function* eventsIn(lines: AsyncGenerator<string, undefined>): AsyncGenerator<FeedEvent> {
  for await (const line of lines) {
    const event = parseFeedLine(line)
    // A newer listener may tell what is not known here.
    if (event !== undefined) yield event
  }
}
