import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import type { Listener } from '../../service/listener/listener.ts'
import type { StoredDetails } from '../../service/sessions/session-details.ts'
import { isPipe, PipeProbe } from './pipe-probe.ts'

export type DetailsOf = (sessionId: string) => StoredDetails

/** Where a listener's events go: lines on stdout, or the dashboard. */
export interface ListenOutput {
  /** The listener that will be told of, before it starts; and what the store knows of a session. */
  attach?(listener: Listener, details: DetailsOf): void
  tell(event: ListenEvent): void
  /** Nothing more is told. The terminal is as it was before when this resolves. */
  end?(): Promise<void>
}

/** One line for each event that has one. */
export function lineOutput(
  line: (event: ListenEvent) => string | undefined,
  stream: NodeJS.WritableStream = process.stdout,
): ListenOutput {
  return {
    tell: (event) => {
      const text = line(event)
      if (text !== undefined) stream.write(`${text}\n`)
    },
  }
}

/** Shows on one output, with a log beside it. */
export function withLog(shown: ListenOutput, log: ListenOutput): ListenOutput {
  return {
    attach: (listener, details) => shown.attach?.(listener, details),
    tell: (event) => {
      log.tell(event)
      shown.tell(event)
    },
    end: async () => await shown.end?.(),
  }
}

/** One JSON document on a line for each event; into a pipe only as long as somebody reads it. */
export function jsonOutput(line: (event: ListenEvent) => string): ListenOutput {
  const output = lineOutput(line)
  if (!isPipe(process.stdout)) return output
  const probe = new PipeProbe((text) => process.stdout.write(text))
  return {
    tell: (event) => {
      output.tell(event)
      probe.written()
    },
    end: async () => probe.stop(),
  }
}
