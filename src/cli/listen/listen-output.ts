import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import type { Listener } from '../../service/listener/listener.ts'
import type { StoredDetails } from '../../service/sessions/session-details.ts'
import { LossyLines } from '../outlet/lossy-lines.ts'
import { type Outlet, settled } from '../outlet/outlet.ts'
import { writeBlank } from '../output/write-screen.ts'
import type { ScreenText } from '../text/screen-text.ts'
import { PipeProbe } from './pipe-probe.ts'

export type DetailsOf = (sessionId: string) => Promise<StoredDetails>

/** Where events go. */
export interface EventOutput<Event> {
  /** Never waits for whoever reads. */
  tell(event: Event): void
  /** Nothing more is told. The terminal is as it was before when this resolves, in bounded time. */
  end?(): Promise<void>
}

/** Where a listener's events go: lines on stdout, or the dashboard. */
export interface ListenOutput extends EventOutput<ListenEvent> {
  /** The listener that will be told of, before it starts; and what the store knows of a session. */
  attach?(listener: Listener, details: DetailsOf): void
}

/** The reader was too slow for so many. */
interface Missed {
  readonly type: 'missed'
  readonly at: number
  readonly count: number
}

/**
 * One line for each event that has one, for as long as somebody reads them.
 * @param line writes an event as a line; undefined for one that has none
 */
export function lineOutput<Event extends { readonly type: string }>(
  line: (event: Event | Missed) => ScreenText | undefined,
  outlet: Outlet,
): EventOutput<Event> {
  const missed = (count: number) => line({ type: 'missed', at: Date.now(), count })
  const lines = new LossyLines(outlet, missed)
  return {
    tell: (event) => {
      const text = line(event)
      if (text === undefined) return
      if (event.type === 'stopped') lines.end(text)
      else lines.add(text)
    },
    end: () => settled([outlet]),
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
    end: async () => {
      await Promise.all([shown.end?.(), log.end?.()])
    },
  }
}

/** Finds out that nobody reads a pipe any more: a listener that tells nobody anything has no reason to go on. */
export function withProbe<Event>(output: EventOutput<Event>, outlet: Outlet): EventOutput<Event> {
  const probe = new PipeProbe(() => {
    // With something that waits, the system tells by itself that the reader has gone.
    if (outlet.waiting === 0) writeBlank(outlet)
  })
  return {
    tell: (event) => {
      output.tell(event)
      probe.written()
    },
    end: async () => {
      probe.stop()
      await output.end?.()
    },
  }
}
