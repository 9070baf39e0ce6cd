import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { parseFeedLine } from '../../service/feed/event-feed-lines.ts'
import { UsageError } from '../errors/errors.ts'

/** Lines that may be no events before a file is taken for something else. */
const MAX_STRANGE = 100

/**
 * Reads the events of a recording, as `listen --json` and `dashboard --json` write it, in order; a line that is no
 * event is passed over.
 * @throws UsageError if the file can't be read, or begins with no event at all
 */
export async function* readRecording(path: string): AsyncGenerator<FeedEvent> {
  let found = 0
  let strange = 0
  try {
    const lines = createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    for await (const line of lines) {
      const event = parseFeedLine(line)
      if (event === undefined) strange += 1
      else {
        found += 1
        yield event
      }
      if (found === 0 && strange > MAX_STRANGE) break
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`--replay: ${why}`, { cause })
  }
  if (found === 0) {
    throw new UsageError(`--replay: ${path} has no events; make a recording with listen --json`)
  }
}
