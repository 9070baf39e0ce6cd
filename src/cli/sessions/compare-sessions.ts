import {
  type Comparison,
  compareHistories,
  type LoneSession,
  type SessionPair,
} from '../../service/comparison/compare-histories.ts'
import type { PartingMessage } from '../../service/comparison/history-differences.ts'
import { reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateInWords } from '../../service/feed/session-states.ts'
import { CommandFailure, UsageError } from '../errors/errors.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'
import { readHistory } from './read-histories.ts'
import { fromInWords } from './session-messages.ts'

/** The answer of `sessions compare --json`; printed beside the error, too, if the histories differ. */
export interface CompareDocument {
  readonly same: boolean
  readonly a: ComparedSide
  readonly b: ComparedSide
  /** Sessions that both tell of in the same way. */
  readonly matched: number
  /** Sessions that ended otherwise on one side, as a word was lost; a later one of both made it good. */
  readonly settled: number
  /** Sessions that both tell of, and not in the same way. */
  readonly differing: readonly {
    readonly a: string
    readonly b: string
    readonly redemptionId: string | null
    readonly differences: SessionPair['differences']
  }[]
  readonly onlyA: readonly LoneDocument[]
  readonly onlyB: readonly LoneDocument[]
}

interface ComparedSide {
  readonly peerId: string
  /** Sessions in the file. */
  readonly sessions: number
  /** Of them, those with somebody else. */
  readonly others: number
}

type LoneDocument = Pick<
  LoneSession['session'],
  'id' | 'state' | 'reason' | 'redemptionId' | 'tallyId'
> & { readonly binding: boolean }

/** Compares what two sides exported. @throws UsageError */
export async function compareSessions(pathA: string, pathB: string): Promise<CompareDocument> {
  const [a, b] = [await readHistory(pathA), await readHistory(pathB)]
  if (a.peerId === b.peerId) throw new UsageError('both files are of the same party')
  const found = compareHistories(a, b)
  const { pairs, others, same } = found
  return {
    same,
    a: { peerId: a.peerId, sessions: a.sessions.length, others: others.a },
    b: { peerId: b.peerId, sessions: b.sessions.length, others: others.b },
    matched: pairs.filter(({ differences }) => differences.length === 0).length,
    settled: found.settled.length,
    differing: pairs.filter(({ differences }) => differences.length > 0).map(differingOf),
    onlyA: found.onlyA.map(loneOf),
    onlyB: found.onlyB.map(loneOf),
  }
}

/** @throws CommandFailure `stories_differ`, with the document, if the histories of the two sides differ */
export function mustBeSame(document: CompareDocument): void {
  const { same, differing, onlyA, onlyB } = document
  if (same) return
  const lone = [...onlyA, ...onlyB].filter(({ binding }) => binding).length
  throw new CommandFailure('stories_differ', {
    detail: `the two sides’ stories part: ${differing.length} told differently, ${lone} with a tally told by one side alone`,
    document,
  })
}

function differingOf({ a, b, differences }: SessionPair): CompareDocument['differing'][number] {
  return { a: a.id, b: b.id, redemptionId: a.redemptionId ?? b.redemptionId, differences }
}

function loneOf({ session, binding }: Comparison['onlyA'][number]): LoneDocument {
  const { id, state, reason, redemptionId, tallyId } = session
  return { id, state, reason, redemptionId, tallyId, binding }
}

export function compareText(document: CompareDocument): ScreenText {
  const { a, b, matched, settled, differing, onlyA, onlyB } = document
  return lines([
    `A is ${a.peerId}: ${manySessions(a.sessions)}, ${a.others} of them with others`,
    `B is ${b.peerId}: ${manySessions(b.sessions)}, ${b.others} of them with others`,
    `${matched} are told alike by both, ${differing.length} differently`,
    ...(settled === 0
      ? []
      : [`${settled} ended otherwise on one side, and a later one made it good`]),
    ...differing.flatMap(differingLines),
    ...loneLines('A', onlyA),
    ...loneLines('B', onlyB),
  ])
}

function manySessions(count: number): string {
  return `${count} ${count === 1 ? 'session' : 'sessions'}`
}

function differingLines({ a, b, redemptionId, differences }: CompareDocument['differing'][number]) {
  return [
    `A ${a} and B ${b}, redemption ${redemptionId ?? 'unknown'}:`,
    ...differences.flatMap((each) => [
      `  ${each.what}: A ${each.a ?? 'none'}, B ${each.b ?? 'none'}`,
      ...(each.message === undefined ? [] : [partingText(each.message)]),
    ]),
  ]
}

/** `    they part at message 2: A Offer of 300 bytes from the inviter, B …`. */
function partingText({ number, a, b }: PartingMessage): string {
  const [ofA, ofB] = [a, b].map((one) => (one === null ? 'none' : messageText(one)))
  return `    they part at message ${number}: A ${ofA}, B ${ofB}`
}

function messageText({ from, type, bytes, digest }: NonNullable<PartingMessage['a']>): string {
  return `${type ?? 'no message'} of ${bytes} bytes from the ${fromInWords(from)} (${digest})`
}

function loneLines(side: string, lone: readonly LoneDocument[]): readonly string[] {
  return lone.map(({ id, state, reason, tallyId, binding }) => {
    const words = stateInWords(state)
    const end = reason === null ? words : `${words} (${reasonInWords(reason)})`
    const tally = binding ? `, with tally ${tallyId ?? 'unknown'}` : ''
    return `Only ${side} tells of ${id}: ${end}${tally}`
  })
}
