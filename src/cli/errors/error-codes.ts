import { type ErrorMeaning, fixed, own } from './error-meaning.ts'
import { HOOK_ERROR_CODES } from './hook-error-codes.ts'
import { LATER_ERROR_CODES } from './later-error-codes.ts'
import { NODE_ERROR_CODES } from './node-error-codes.ts'
import { RELAY_ERROR_CODES } from './relay-error-codes.ts'
import { SCAN_ERROR_CODES } from './scan-error-codes.ts'
import { SESSION_ERROR_CODES } from './session-error-codes.ts'
import { STORAGE_ERROR_CODES } from './storage-error-codes.ts'
import { STORE_ERROR_CODES } from './store-error-codes.ts'
import { SYNC_ERROR_CODES } from './sync-error-codes.ts'
import { WORDS_ERROR_CODES } from './words-error-codes.ts'

const ASK_FOR_ANOTHER = 'Ask the inviter for a new invitation.'
const RETRY = 'It is safe to run the same command again.'
const REPORT = 'Run it again with DEBUG=taleus* set, and report what it prints.'
const COPY_AGAIN = 'Copy the whole link again, or use its QR code with --qr-image.'

/**
 * Every error code with its exit code, its sentence and the next step: the `code` of an error class, of a refusal, or
 * of a problem inside a link. To add one, add it here, by exit code; what is about the data directory is in
 * storage-error-codes.ts, about stores on servers in store-error-codes.ts, about relays in relay-error-codes.ts, about nodes of a party in node-error-codes.ts, about hooks of the user's own in hook-error-codes.ts, about what may go well later in later-error-codes.ts, about the sync of tallies in sync-error-codes.ts, about words to compare in words-error-codes.ts. `help exit-codes` and the docs (`npm run docs`) follow.
 */
export const ERROR_CODES = {
  unexpected: fixed(1, 'Something unexpected went wrong.', REPORT),
  final_state: own(1, 'A session that is over can’t change.', REPORT),
  internal: fixed(
    1,
    'Something went wrong on the inviter’s side.',
    'Run the same command again; if it stays so, tell the inviter.',
  ),
  provision_failed: fixed(
    1,
    'The shared database could not be built.',
    'Run the same command again; if it stays so, look at `taleus sessions` here, and at the other side’s.',
  ),

  dependency_changed: own(
    1,
    'A package inside taleus is not the version that taleus is made for.',
    'Install taleus anew, with the versions that its package-lock.json names (`npm ci`).',
  ),

  usage: own(2, 'The command was not used as intended.', 'Look at the command’s --help.'),
  setting_value: own(
    2,
    'That is not a possible value for this setting.',
    'See `taleus config list` for the settings, their units and bounds.',
  ),
  not_interactive: fixed(
    2,
    'This needs a yes or no, and there is no terminal to ask on.',
    'Add --yes if you mean it.',
  ),
  own_invitation: fixed(
    2,
    'This is your own invitation: a tally takes two.',
    'Hand the link to your partner.',
  ),
  not_found: own(
    2,
    'There is nothing with that id.',
    'List what there is, and use enough of the id to be unique.',
  ),
  no_receipt: fixed(
    2,
    'Nobody has signed a receipt of that tally.',
    'The inviter’s version signs none, or the tally is older than receipts. See `taleus tally show` for the tally itself.',
  ),
  receipt_malformed: own(
    2,
    'That is no receipt.',
    'Name a file that `taleus tally receipt` has written.',
  ),
  checkpoint_malformed: own(
    2,
    'That is no checkpoint.',
    'Name a whole file that `taleus audit checkpoint` has written.',
  ),
  journal_gone: fixed(
    2,
    'The journal of that session is not kept any more.',
    'See `taleus sessions show` for what is.',
  ),
  ambiguous_id: own(2, 'More than one id begins like that.', 'Give more characters of the id.'),
  ...HOOK_ERROR_CODES,
  no_address: fixed(
    2,
    'There is no address to put into the link.',
    'Start `taleus listen` first, or name one with --announce.',
  ),
  qr_image: own(
    2,
    'No link could be read from that picture.',
    'Use a sharp PNG or JPEG that shows one whole QR code, or paste the link itself.',
  ),
  output_file: own(
    2,
    'The file could not be written.',
    'Name a file in a directory that you may write to.',
  ),
  file_exists: own(
    2,
    'There is such a file already.',
    'Name another one, or add --force to replace it.',
  ),
  link_too_long: own(
    2,
    'The link gets too long.',
    'Name fewer or shorter addresses with --announce.',
  ),
  address_unsupported: own(
    2,
    'That address can’t be used.',
    'Write it like /ip4/192.0.2.7/tcp/4710.',
  ),
  address_invalid: own(2, 'That is no address.', 'Write it like /ip4/192.0.2.7/tcp/4710.'),
  draft_too_large: own(2, 'The terms are too long.', 'Shorten them, or refer to a document.'),
  draft_overwritten: own(2, 'The draft never changes.', 'Choose another key.'),
  tally_value_invalid: own(2, 'That can’t be put into the tally.', 'Look at the command’s --help.'),
  address_in_use: own(
    2,
    'Another program listens on that port already.',
    'Choose another with --listen or --http, or stop the other program.',
  ),
  address_unavailable: own(
    2,
    'This computer has no such address.',
    'Choose one of its own with --listen or --http; /ip4/0.0.0.0/tcp/4710 takes them all.',
  ),
  port_forbidden: own(
    2,
    'That port is reserved for the system.',
    'Choose a port above 1023 with --listen or --http.',
  ),
  listen_failed: own(1, 'Listening failed.', REPORT),

  link_malformed: own(3, 'That is not a taleus link.', COPY_AGAIN),
  secret_malformed: own(3, 'That is not a taleus link.', COPY_AGAIN),
  peer_id_malformed: own(3, 'That is not a peer id.', COPY_AGAIN),
  link_newer: fixed(
    3,
    'The link was made by a newer taleus.',
    'Update taleus, then run the same command again.',
  ),

  link_unpinned: fixed(
    3,
    'The older link does not say whose it is: whoever answers there would get the token.',
    'Ask the inviter for its peer id, and give it with --inviter.',
  ),

  expired: fixed(4, 'The invitation has expired.', ASK_FOR_ANOTHER),
  invalid_token: fixed(4, 'The inviter does not know this invitation (any more).', ASK_FOR_ANOTHER),
  used: fixed(5, 'The invitation has been used up already.', ASK_FOR_ANOTHER),
  withdrawn: fixed(
    5,
    'The inviter has withdrawn its offer, which was not acknowledged for long.',
    'Ask the inviter for another one. What you keep of it stays, marked as withdrawn.',
  ),
  revoked: fixed(5, 'The inviter has revoked this invitation.', ASK_FOR_ANOTHER),

  unreachable: fixed(
    6,
    'The inviter could not be reached at any of its addresses.',
    `See that its listener is running and that you can reach it. ${RETRY}`,
  ),
  listener_unreachable: own(
    6,
    'None of this listener’s own addresses leads to it.',
    'Open the port in the firewall or router, and name the public address with --announce. A router that does not let its own network in by the public address needs `listen` without --exit-if-unreachable.',
  ),
  no_answer: fixed(6, 'The other side hung up without an answer.', RETRY),
  transport_closed: fixed(
    6,
    'The connection was lost before both sides were done.',
    'Run the same command again: it goes on with the same tally.',
  ),
  no_listener: fixed(
    6,
    'No listener is running on this data directory.',
    'Start one with `taleus listen`.',
  ),

  wrong_peer: fixed(
    7,
    'Somebody else answered at the inviter’s address. The invitation was not shown to them.',
    'Check with the inviter, and ask for a new link if its key has changed.',
  ),
  ...NODE_ERROR_CODES,
  protocol_unsupported: fixed(
    7,
    'The other side does not speak our bootstrap protocol.',
    'Update taleus on both sides.',
  ),
  frame_malformed: fixed(
    7,
    'The other side sent what is no message.',
    'Update taleus on both sides.',
  ),
  protocol_violation: fixed(
    7,
    'The other side did not keep to the protocol.',
    'Update taleus on both sides; if it stays so, tell the inviter.',
  ),
  tally_changes_invalid: own(7, 'The other side’s changes do not fit.', 'Tell the other side.'),
  declined: fixed(7, 'The invitation was declined.', 'Talk to the other side.'),
  not_agreed: fixed(
    7,
    'You said no. The invitation stays good until it expires.',
    'To tell the inviter, run the same command with --decline.',
  ),
  mismatch: fixed(
    7,
    'The inviter says that the request does not match its invitation, or an earlier request of yours.',
    'Ask the inviter for a new invitation, and tell it the reason.',
  ),
  offer_changed: fixed(
    7,
    'The inviter has changed its offer since you said yes to it.',
    'Run the same command again: it shows the new one. You have agreed to nothing.',
  ),
  tally_denied: fixed(
    7,
    'You have a tally from this invitation, and the inviter says that it does not know it.',
    'Your tally stays. Keep its receipt, `taleus tally receipt`, and show it to the inviter: its data was lost, or put back from a backup.',
  ),
  identity_required: fixed(
    7,
    'The inviter requires more about you than was disclosed.',
    'Add the missing fields with --disclose name=…, or `taleus identity set`.',
  ),
  identity_refused: fixed(
    7,
    'The inviter did not accept what was disclosed about you.',
    'Ask the inviter what it expects, then run the same command again.',
  ),
  party_id_mismatch: fixed(
    7,
    'The party id did not belong to the connection.',
    'Run the same command again with the data directory that holds your own key.',
  ),
  database_refused: fixed(
    7,
    'One side did not accept the database that the other had built.',
    'Look at `taleus sessions` here and at the other side’s for the reason.',
  ),

  timed_out: fixed(8, 'The other side took too long.', RETRY),
  denied: fixed(7, 'The inviter has said no to you.', 'Ask the inviter in person.'),
  ...LATER_ERROR_CODES,
  ...SCAN_ERROR_CODES,
  ...SESSION_ERROR_CODES,
  ...STORAGE_ERROR_CODES,
  ...STORE_ERROR_CODES,
  ...RELAY_ERROR_CODES,
  ...SYNC_ERROR_CODES,
  ...WORDS_ERROR_CODES,

  unknown_command: own(127, 'There is no such command.', 'See `taleus --help` for the commands.'),
  interrupted: fixed(
    130,
    'Interrupted before the end.',
    'Run the same command again: what was begun goes on where it was.',
  ),
  terminated: fixed(
    143,
    'Terminated before the end.',
    'Run the same command again: what was begun goes on where it was.',
  ),
} satisfies Record<string, ErrorMeaning>

export type ErrorCode = keyof typeof ERROR_CODES

/** Meanings of what this side finds out by itself, where the inviter may refuse with the same code. */
const FOUND_HERE: Partial<Record<ErrorCode, ErrorMeaning>> = {
  mismatch: fixed(
    7,
    'What the inviter says differs from what the link says.',
    'Do not go on; ask the inviter in person.',
  ),
}

/** The meaning of a code, if it is one of ours. */
export function meaningOf(code: string, isFoundHere = false): ErrorMeaning | undefined {
  if (!isErrorCode(code)) return undefined
  return (isFoundHere ? FOUND_HERE[code] : undefined) ?? ERROR_CODES[code]
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code)
}
