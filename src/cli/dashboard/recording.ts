import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { parseFeedLine } from '../../service/feed/event-feed-lines.ts'
import { UsageError } from '../errors/errors.ts'
import { readLines } from '../input/read-bounded.ts'

/** The longest line of a recording, characters: four times the longest event. */
const MAX_LINE = 1_048_576

/** The longest recording, bytes: a day of the busiest listener. It is never held as a whole. */
const MAX_BYTES = 68_719_476_736

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
  for await (const line of readLines(path, { maxLine: MAX_LINE, maxBytes: MAX_BYTES })) {
    const event = parseFeedLine(line)
    if (event === undefined) strange += 1
    else {
      found += 1
      yield event
    }
    if (found === 0 && strange > MAX_STRANGE) break
  }
  if (found === 0) {
    throw new UsageError(`--replay: ${path} has no events; make a recording with listen --json`)
  }
}
