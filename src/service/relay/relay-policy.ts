import type { RelayPolicy } from '../../network/relay-server/relay-access.ts'
import { compact } from '../../protocol/base/compact.ts'
import { publicKeyOfPeerId } from '../../protocol/base/peer-id-text.ts'
import { PeerIdError } from '../../protocol/errors.ts'
import { RelayAccessError } from '../errors.ts'
import { readOrMakeToken } from './token-file.ts'

/** Peers that may be named: more belong in a token. */
const MAX_ALLOWED = 1_000

/** Those who may reserve, as an operator says it. Nobody, if nothing is said. */
export interface WantedAccess {
  readonly open: boolean
  /** Peer ids. */
  readonly allow: readonly string[]
  /** Path of the file with the token; made where there is none. */
  readonly tokenFile?: string
}

export interface PolicyMade {
  readonly policy: RelayPolicy
  /** The token, if this call has made it: to be shown once. */
  readonly newToken?: string
}

/** @throws RelayAccessError; DataDirectoryError if others may use the token's file */
export function relayPolicy({ open, allow, tokenFile }: WantedAccess): PolicyMade {
  if (open && (allow.length > 0 || tokenFile !== undefined)) {
    throw new RelayAccessError('with --open anybody may reserve: --allow and --token-file say else')
  }
  if (allow.length > MAX_ALLOWED) {
    throw new RelayAccessError(`at most ${MAX_ALLOWED} peers can be named; give others a token`)
  }
  for (const peer of allow) checkPeer(peer)
  const made = tokenFile === undefined ? undefined : readOrMakeToken(tokenFile)
  return compact({
    policy: { open, allow: new Set(allow), ...compact({ token: made?.token }) },
    newToken: made?.isNew === true ? made.token : undefined,
  })
}

function checkPeer(peer: string): void {
  try {
    publicKeyOfPeerId(peer)
  } catch (cause) {
    if (!(cause instanceof PeerIdError)) throw cause
    throw new RelayAccessError(`${JSON.stringify(peer)} is not a peer id (12D3KooW…)`, { cause })
  }
}
