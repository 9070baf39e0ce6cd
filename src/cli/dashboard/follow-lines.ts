import { once } from 'node:events'
import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { feedLine } from '../../service/feed/event-feed-lines.ts'
import { plainLine } from '../lines/listen-lines.ts'
import { spokenLine } from '../lines/spoken-line.ts'
import { writeScreen } from '../output/write-screen.ts'
import { harmlessJson } from '../text/json-text.ts'
import type { ScreenText } from '../text/screen-text.ts'

export interface LineOptions {
  readonly format: 'json' | 'text' | 'sentences'
  /** Whether an event is told. @default all are */
  wants?(event: FeedEvent): boolean
}

/** Writes a line to stdout for each event, no faster than it is read. Resolves when there are no more. */
export async function followLines(
  events: AsyncIterable<FeedEvent>,
  { format, wants = () => true }: LineOptions,
): Promise<void> {
  for await (const event of events) {
    if (!wants(event)) continue
    const line = lineOf(event, format)
    if (line !== undefined && !writeScreen(process.stdout, line))
      await once(process.stdout, 'drain')
  }
}

function lineOf(event: FeedEvent, format: LineOptions['format']): ScreenText | undefined {
  if (format === 'json') return harmlessJson(feedLine(event))
  return format === 'sentences' ? spokenLine(event) : plainLine(event)
}
