import type { Socket } from 'node:net'
import type { FeedReader } from '../feed/event-feed.ts'
import { feedLine } from '../feed/event-feed-lines.ts'

/**
 * Send a follower what happens, a line each, at its own pace: while it does not read, what comes waits in its bounded
 * reader, and beyond that it is told how much it missed.
 * @returns when the feed or the follower has ended; never rejects
 */
export async function streamFeed(socket: Socket, reader: FeedReader): Promise<void> {
  const gone = Promise.withResolvers<void>()
  const leave = (): void => {
    reader.close()
    gone.resolve()
  }
  // Who says no more is gone, or soon will be: a place must not be held by the dead.
  socket.on('end', leave)
  socket.on('close', leave)
  socket.resume()
  for await (const events of reader) {
    if (socket.destroyed) break
    const text = events.map((event) => `${feedLine(event)}\n`).join('')
    if (!socket.write(text)) await Promise.race([drained(socket), gone.promise])
  }
  socket.end()
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('drain', resolve))
}
