import type { ComparedMessage, ComparedSession } from './history.ts'

/** Something that two sides tell otherwise. */
export interface SessionDifference {
  /**
   * `transcript`: both completed it, and did not hear the same. (Of a stream that broke, one side may have heard a
   * frame less.) `outcome`: one says that it was completed, the other does not.
   * `tallyKept`: one has a tally that the other gave up.
   */
  readonly what: 'transcript' | 'outcome' | 'role' | 'redemptionId' | 'tallyId' | 'tallyKept'
  readonly a: string | null
  readonly b: string | null
  /** With `transcript`, if both sides kept the messages: the first that is not the same. */
  readonly message?: PartingMessage
}

/** Where two sides no longer heard the same; `null`: that side knows of no such message. */
export interface PartingMessage {
  /** From 1. */
  readonly number: number
  readonly a: ComparedMessage | null
  readonly b: ComparedMessage | null
}

/** Finds where two accounts of one session part. A fact that only one side knows is no difference, unless it kept a tally. */
export function differencesOf(
  a: ComparedSession,
  b: ComparedSession,
): readonly SessionDifference[] {
  return [
    ...(isCompleted(a) && isCompleted(b) ? unlikeTranscripts(a, b) : []),
    ...(isCompleted(a) === isCompleted(b)
      ? []
      : [{ what: 'outcome' as const, a: endOf(a), b: endOf(b) }]),
    ...unlike('role', a.role, b.role),
    ...unlike('redemptionId', a.redemptionId, b.redemptionId),
    ...unlike('tallyId', a.tallyId, b.tallyId),
    ...(a.tallyId === b.tallyId && a.tallyId !== null && isKept(a) !== isKept(b)
      ? [{ what: 'tallyKept' as const, a: a.tallyStatus, b: b.tallyStatus }]
      : []),
  ]
}

/** Whether it binds somebody: the other side has to know of it too. */
export function isBinding(session: ComparedSession): boolean {
  return isKept(session) || (session.tallyId !== null && isCompleted(session))
}

function unlike(
  what: SessionDifference['what'],
  a: string | null,
  b: string | null,
): readonly SessionDifference[] {
  return a === null || b === null || a === b ? [] : [{ what, a, b }]
}

function unlikeTranscripts(a: ComparedSession, b: ComparedSession): readonly SessionDifference[] {
  const message = partingOf(a.messages, b.messages)
  if (message === undefined) return unlike('transcript', a.transcriptDigest, b.transcriptDigest)
  return [{ what: 'transcript', a: a.transcriptDigest, b: b.transcriptDigest, message }]
}

/** Each digest stands for all before it, so the first that differs is the first that was heard otherwise. */
function partingOf(
  a: ComparedSession['messages'],
  b: ComparedSession['messages'],
): PartingMessage | undefined {
  if (a === null || b === null) return undefined
  const length = Math.max(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [a[at] ?? null, b[at] ?? null]
    if (!isSameMessage(one, other)) return { number: at + 1, a: one, b: other }
  }
  return undefined
}

function isSameMessage(a: ComparedMessage | null, b: ComparedMessage | null): boolean {
  return (
    a?.from === b?.from && a?.type === b?.type && a?.bytes === b?.bytes && a?.digest === b?.digest
  )
}

export function isCompleted({ state }: ComparedSession): boolean {
  return state === 'COMPLETED'
}

function isKept({ tallyStatus }: ComparedSession): boolean {
  return tallyStatus !== null && tallyStatus !== 'withdrawn'
}

function endOf({ state, reason }: ComparedSession): string {
  return reason === null ? state : `${state} (${reason})`
}
