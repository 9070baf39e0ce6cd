import { DATABASE_ERROR_CODES } from './database-error-codes.ts'
import { type ErrorMeaning, fixed, own } from './error-meaning.ts'

const PUT_BACK = 'Nothing was changed. Put back a backup of the file, or name another --data-dir.'

const KEEP_A_COPY =
  'Keep a copy of the data directory as it is, and compare it with an outside checkpoint.'

/** The error codes about what is kept here: the data directory, the store, the audit. */
export const STORAGE_ERROR_CODES = {
  ...DATABASE_ERROR_CODES,
  listener_running: own(
    10,
    'Another listener already serves this data directory.',
    'Use that one, stop it, or name another --data-dir.',
  ),
  relay_running: own(
    10,
    'Another relay already runs on this data directory.',
    'Use that one, stop it with `taleus relay drain`, or name another --data-dir.',
  ),
  control_failed: own(
    10,
    'The running listener does not answer as it should.',
    'Look at what it prints; if it hangs, stop it with a signal and start it again.',
  ),
  control_busy: own(
    9,
    'The running listener has no place left for another command.',
    'Close a dashboard or another command that is attached to it, then run the same command again.',
  ),
  no_party: own(
    10,
    'There is no party in the data directory.',
    'Nothing was made. Name the --data-dir that you meant; `taleus identity show` makes a new party.',
  ),
  data_directory: own(
    10,
    'The data directory can’t be used safely.',
    'Mend it as said, or name another with --data-dir.',
  ),
  key_file: own(10, 'The key file can’t be used. No new identity was made.', PUT_BACK),
  identity_key_invalid: own(10, 'The key is no sound Ed25519 key.', PUT_BACK),
  store: own(
    10,
    'The store can’t be used.',
    'Run the same command again. If it stays so, keep a copy of the data directory as it is, and report what was said.',
  ),
  store_unopened: fixed(
    10,
    'The store could not be opened.',
    'See that its directory is there, that you may write to it, and that this process may open more files (`ulimit -n`).',
  ),
  store_moved: fixed(
    10,
    'The store was moved or removed while it was open.',
    'Nothing more was written. Put it back where it was, or leave it in peace; then run the same command again.',
  ),
  store_damaged: own(10, 'The store is damaged.', PUT_BACK),
  row_invalid: own(10, 'The store holds what taleus never wrote.', PUT_BACK),
  store_newer: own(10, 'The store was written by a newer taleus.', 'Update taleus.'),
  store_owner: own(
    10,
    'The store belongs to another key than the one beside it.',
    'Nothing was changed. Put back the identity.key that belongs to the store, or name another --data-dir.',
  ),
  store_in_use: own(
    10,
    'The store is of an older version, and a listener is running on it.',
    'Nothing was changed. Stop that listener, then run the same command again: it brings the store up to date.',
  ),
  store_unreachable: own(
    10,
    'The database server with the store can’t be used now.',
    'Look after the server, then run the same command again: nothing was changed.',
  ),
  store_stalled: own(
    10,
    'Where the store is, nothing answers: whether all is stored is not known.',
    'Look after the disk, or the database server. What was begun may still be done: once it answers, see `taleus sessions` and `taleus token list` before you run the same command again.',
  ),
  store_history_lost: own(
    10,
    'The database server has lost what it had committed.',
    'Nothing more is written. Find out which server has the newest state, and make that one the primary; keep a copy of both. If it is lost for good, move `node.state` in the data directory away: this node then goes on from what is left.',
  ),
  node_held: own(
    10,
    'Another process works as this node.',
    'A copy of the data directory is in use elsewhere: stop that one, or make this one a node of its own with `taleus node key` in a new directory.',
  ),
  node_superseded: own(
    10,
    'Another node has taken this one over, since it was not heard of for as long as its lease, or it was retired.',
    'What it had under way is in good hands. Start it again, unless it was retired; if it happens often, raise `node-lease`.',
  ),
  commit_in_doubt: fixed(
    10,
    'Where the store is, nothing answered in time: how far this came is not known.',
    'Look after the disk, or the database server, then run the same command again: it goes on with whatever is stored.',
  ),
  settings_file: own(
    10,
    'The settings file can’t be used.',
    'Mend it in an editor, or move it away to go back to the defaults.',
  ),
  tally_document_damaged: own(10, 'The tally’s document is damaged.', PUT_BACK),
  store_busy: fixed(
    10,
    'Another process has held the store for too long.',
    'Nothing was changed. Let that process go on, or end it, then run the same command again; of a listener, `taleus status` tells whether its disk answers.',
  ),
  disk_full: fixed(
    10,
    'The disk is full: nothing more could be written.',
    'Make room, then run the same command again.',
  ),
  disk_read_only: fixed(
    10,
    'The disk can only be read: nothing could be written.',
    'Name a --data-dir that can be written to, or make this one so.',
  ),
  not_permitted: fixed(
    10,
    'You may not read or write there.',
    'Name a --data-dir of your own, or have its owner let you in.',
  ),
  files_exhausted: fixed(
    10,
    'No more files can be opened: a limit of this process or of the system is reached.',
    'Raise it (`ulimit -n`; `LimitNOFILE` of a service), or end what holds many files open.',
  ),
  memory_exhausted: fixed(
    10,
    'There is not enough memory.',
    'End other programs, or raise the limit of this one; then run the same command again.',
  ),
  file_too_large: fixed(
    10,
    'A file may not get any larger.',
    'Raise the limit (`ulimit -f`), or name a --data-dir on a file system that takes large files.',
  ),
  path_unusable: fixed(
    10,
    'The path leads nowhere: it is too long, goes through a file, names a directory, or its links go round in circles.',
    'Name another one.',
  ),
  disk_failed: fixed(
    10,
    'The disk could not be read or written.',
    'Look after the disk, then run the same command again.',
  ),
  audit_record_invalid: own(11, 'An audit record is invalid.', KEEP_A_COPY),
  trail_unsound: own(11, 'The audit trail does not verify.', KEEP_A_COPY),
  trail_broken: own(11, 'The audit trail is broken: nothing is signed over it.', KEEP_A_COPY),
  checkpoint_invalid: own(
    11,
    'That is no checkpoint of this audit.',
    'Name a file that `audit checkpoint` of this data directory has written.',
  ),
  journal_broken: own(11, 'The journal does not lead to what is stored.', KEEP_A_COPY),
  stories_differ: own(
    11,
    'The two sides’ stories part.',
    'Look at `taleus sessions show` for these sessions here and on the other side, and at `taleus audit verify`.',
  ),
  partner_alarm: own(
    11,
    'A partner’s audit contradicts what it showed before.',
    'Ask the partner in person what happened to its machine. `taleus audit witnesses PEER --note` prints what it had signed; --forget ends the alarm.',
  ),
  witness_changed: own(11, 'A partner’s checkpoint was changed here.', KEEP_A_COPY),
  receipt_broken: fixed(
    11,
    'The receipt does not verify.',
    'It was changed, or was never signed by these parties: ask the other side for its own.',
  ),
  receipt_other_draft: fixed(
    11,
    'That is not the draft that the receipt is about.',
    'Compare with the draft that `taleus tally receipt --draft-out` of either side writes.',
  ),
  history_broken: fixed(
    11,
    'The history does not verify.',
    'It was changed, or was never made by these parties: ask either of them for one anew.',
  ),
  history_unsigned: fixed(
    12,
    'Changes in the history are not signed by who made them.',
    'They are of the time before changes were signed. Ask the party that made them: its own history has them signed, once it has updated.',
  ),
  receipt_one_sided: fixed(
    12,
    'The receipt is not signed by both sides.',
    'Ask the other side for its own: it may have both signatures.',
  ),
  tally_broken: own(
    11,
    'A tally does not verify.',
    'Do not rely on it: ask your partner for its `taleus tally show` and `tally receipt`. Keep a copy of the data directory as it is.',
  ),
  audit_broken: own(11, 'The audit trail does not verify.', KEEP_A_COPY),
} satisfies Record<string, ErrorMeaning>
