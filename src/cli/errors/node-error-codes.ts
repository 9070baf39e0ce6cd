import { type ErrorMeaning, fixed, own } from './error-meaning.ts'

/** The codes about the nodes of a party. */
export const NODE_ERROR_CODES = {
  node_certificate_malformed: own(
    2,
    'That is no node certificate.',
    'Give the whole line that the party has got from `node add`.',
  ),
  node_directory: own(
    2,
    'That does not go with this data directory.',
    'Make invitations, redeem links and change tallies with the party’s own data directory; a node joins with a new one.',
  ),
  node_register: own(2, 'That node can’t be entered, or is not there.', 'See `taleus node list`.'),
  node_uncertified: fixed(
    7,
    'Somebody answered at the inviter’s address with a certificate that is not by the inviter’s key, or for another node. The invitation was not shown to them.',
    'Check with the inviter, and ask for a new link if its key has changed.',
  ),
  node_lapsed: fixed(
    7,
    'A node of the inviter answered whose certificate is not good now. The invitation was not shown to it.',
    'See that this computer’s clock is right, and tell the inviter. Then run the same command again.',
  ),
} satisfies Record<string, ErrorMeaning>
