import type { ServerResponse } from 'node:http'
import type { FeedReader } from '../feed/event-feed.ts'
import { feedLine } from '../feed/event-feed-lines.ts'

/**
 * Sends a follower what happens, a line each, at its own pace: while it does not read, what comes waits in its bounded
 * reader, and beyond that it is told how much it missed.
 * @returns when the feed or the follower has ended; never rejects
 */
export async function streamFeed(response: ServerResponse, reader: FeedReader): Promise<void> {
  const gone = Promise.withResolvers<void>()
  const leave = (): void => {
    reader.close()
    gone.resolve()
  }
  // A place must not be held by a follower that is gone.
  response.on('close', leave)
  for await (const events of reader) {
    if (response.destroyed) break
    const text = events.map((event) => `${feedLine(event)}\n`).join('')
    if (!response.write(text)) await Promise.race([drained(response), gone.promise])
  }
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve))
}
