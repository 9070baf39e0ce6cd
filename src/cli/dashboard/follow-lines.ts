import { once } from 'node:events'
import type { FeedEvent } from '../../service/event-feed-event.ts'
import { feedLine } from '../../service/event-feed-lines.ts'
import { harmlessJson } from '../json-text.ts'
import { feedText } from './feed-text.ts'
import { harmlessIn } from './harmless-in.ts'

export interface LineWishes {
  readonly format: 'json' | 'text'
  /** Which events are told. @default all */
  wants?(event: FeedEvent): boolean
}

/** A line on stdout for each event, no faster than it is read. Resolves when there are no more. */
export async function followLines(
  events: AsyncIterable<FeedEvent>,
  { format, wants = () => true }: LineWishes,
): Promise<void> {
  for await (const event of events) {
    if (!wants(event)) continue
    const line = format === 'json' ? harmlessJson(feedLine(event)) : feedText(harmlessIn(event))
    if (line !== undefined && !process.stdout.write(`${line}\n`))
      await once(process.stdout, 'drain')
  }
}
