import type { SessionSummary } from '../../service/sessions/session-history.ts'

/** The end of a session, as `--json` tells it. `null`: not known, or not so far. */
export interface SessionEndDocument {
  /** Of the inviter's use. */
  readonly fence: number | null
  /** How many sessions of the same redemption or attempt came before. */
  readonly retries: number
  /** In order; milliseconds. */
  readonly steps: readonly { readonly state: string; readonly ms: number }[] | null
  /** Without the last word. */
  readonly frames: InAndOut | null
  /** Of the frames' payloads. */
  readonly bytes: InAndOut | null
  /** The same on both sides of an exchange. */
  readonly transcriptDigest: string | null
}

interface InAndOut {
  readonly in: number
  readonly out: number
}

export function sessionEnd({
  fence,
  retries,
  steps,
  exchange,
}: SessionSummary): SessionEndDocument {
  return {
    fence: fence ?? null,
    retries: retries ?? 0,
    steps: steps ?? null,
    frames: exchange === undefined ? null : { in: exchange.framesIn, out: exchange.framesOut },
    bytes: exchange === undefined ? null : { in: exchange.bytesIn, out: exchange.bytesOut },
    transcriptDigest: exchange?.digest ?? null,
  }
}

/** For people: `2 frames in (1,204 bytes), 1 out (930 bytes)`. */
export function exchangeText({ frames, bytes }: SessionEndDocument): string {
  if (frames === null || bytes === null) return ''
  const plural = frames.in === 1 ? 'frame' : 'frames'
  const [heard, said] = [bytes.in, bytes.out].map((count) => count.toLocaleString('en'))
  return `${frames.in} ${plural} in (${heard} bytes), ${frames.out} out (${said} bytes)`
}
