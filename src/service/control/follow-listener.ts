import { createConnection, type Socket } from 'node:net'
import { ControlError } from '../errors.ts'
import type { FeedEvent } from '../feed/event-feed-event.ts'
import { parseFeedLine } from '../feed/event-feed-lines.ts'
import { CONTROL_TIMEOUT_MS, CONTROL_VERSION, controlAnswer } from './control-protocol.ts'
import { controlRefusal } from './control-refusal.ts'

/** The longest line that is waited for, characters: far more than any event. */
const MAX_LINE = 1_048_576

/** One's own place at the running listener's event feed. Loop over it once. */
export interface Following extends AsyncIterable<FeedEvent> {
  /** No more: the loop ends. Idempotent. */
  close(): void
}

/**
 * Follow what happens in the running listener. The first events tell what is true now. The loop ends when the listener
 * stops, or is gone; its last event is `stopped` if it stopped in good order.
 * @returns undefined if no listener is running on this data directory
 * @throws ControlError if one is, and will not be followed; ControlBusyError if it has no place left
 */
export async function followListener(socketPath: string): Promise<Following | undefined> {
  const socket = await connected(socketPath)
  if (socket === undefined) return undefined
  socket.setEncoding('utf8')
  socket.setTimeout(CONTROL_TIMEOUT_MS, () => socket.destroy())
  socket.write(`${JSON.stringify({ v: CONTROL_VERSION, command: 'follow' })}\n`)
  const lines = linesOf(socket)
  const { value: first } = await lines.next()
  check(first)
  // From here on silence only means that nothing happens.
  socket.setTimeout(0)
  return {
    close: () => socket.destroy(),
    [Symbol.asyncIterator]: () => eventsIn(lines),
  }
}

function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('connect', () => resolve(socket))
    // Later errors end the loop as any other end does.
    socket.on('error', () => resolve(undefined))
  })
}

function check(line: string | undefined): void {
  const answer = controlAnswer(line ?? '')
  if (answer === undefined) throw new ControlError('does not answer, or is of another version')
  if (!answer.ok) throw controlRefusal(answer)
}

async function* linesOf(socket: Socket): AsyncGenerator<string, undefined> {
  let rest = ''
  try {
    for await (const chunk of socket) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > MAX_LINE) return undefined
      yield* lines
    }
  } catch {
    // It is gone; how makes no difference to a reader.
  } finally {
    socket.destroy()
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
