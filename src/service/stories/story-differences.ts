import type { Story } from './story.ts'

/** Something that two sides tell otherwise. */
export interface StoryDifference {
  /**
   * `transcript`: both completed it, and did not hear the same. (Of a stream that broke, one side may have heard a
   * frame less.) `outcome`: one says that it was completed, the other does not.
   * `tallyKept`: one has a tally that the other gave up.
   */
  readonly what: 'transcript' | 'outcome' | 'role' | 'redemptionId' | 'tallyId' | 'tallyKept'
  readonly a: string | null
  readonly b: string | null
}

/** Where the stories of one session part. What only one side knows is no difference, unless it kept a tally. */
export function differencesOf(a: Story, b: Story): readonly StoryDifference[] {
  return [
    ...(isCompleted(a) && isCompleted(b)
      ? unlike('transcript', a.transcriptDigest, b.transcriptDigest)
      : []),
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
export function isBinding(story: Story): boolean {
  return isKept(story) || (story.tallyId !== null && isCompleted(story))
}

function unlike(
  what: StoryDifference['what'],
  a: string | null,
  b: string | null,
): readonly StoryDifference[] {
  return a === null || b === null || a === b ? [] : [{ what, a, b }]
}

function isCompleted({ state }: Story): boolean {
  return state === 'COMPLETED'
}

function isKept({ tallyStatus }: Story): boolean {
  return tallyStatus !== null && tallyStatus !== 'withdrawn'
}

function endOf({ state, reason }: Story): string {
  return reason === null ? state : `${state} (${reason})`
}
