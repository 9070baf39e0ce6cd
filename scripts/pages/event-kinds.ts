import {
  EVENT_KINDS,
  type EventKind,
  USUAL_EVENT_KINDS,
} from '../../src/service/notify/event-kinds.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'

const WORDS = {
  redeemed: 'an invitation has become a tally, or its partner came back for it',
  failed: 'a session ended without one',
  pending: 'somebody waits for the inviter’s yes or no',
  expired: 'an invitation expired with a use left',
  alarm: 'a record of the audit that somebody has to look at',
  session: 'a session moved, in any way',
  refused: 'somebody was turned away at the door',
  problem: 'something is not as it should be',
  relay: 'a place at a relay was taken or lost',
  sync: 'changes of a tally went to or came from a partner',
  router: 'the router has mapped ports, or has not',
  words: 'the words to compare of a new tally are known',
  request:
    'a request at an invitation with --approve began to wait, was said yes or no to, or is over',
  audit: 'a record of the audit, by any process on this data directory',
  draining: 'the listener takes nothing new',
  stopped: 'it has stopped',
} as const satisfies Record<EventKind, string>

/** Makes the table of the kinds of events that a command can be started for. */
export function generate(): string {
  const rows = EVENT_KINDS.map((kind) => [
    code(kind),
    WORDS[kind],
    USUAL_EVENT_KINDS.includes(kind) ? 'yes' : '',
  ])
  return markdownTable(['kind', 'when', 'unless you choose'], rows)
}
