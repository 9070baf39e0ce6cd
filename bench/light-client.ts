/**
 * The dialling side of a bootstrap without a store of its own, in a process of its own. Greets its
 * parent with the messages of one bootstrap, then runs the loads it sends.
 */
import { multiaddr } from '@multiformats/multiaddr'
import { BOOTSTRAP_PROTOCOL } from '../src/network/stream/bootstrap-protocol.ts'
import { peerIdOfPublicKey } from '../src/protocol/base/peer-id-text.ts'
import { decodeLink } from '../src/protocol/link/link.ts'
import { secretToText } from '../src/protocol/link/secret.ts'
import { type BareFrame, formatFrames } from './bare-frames.ts'
import { disclosureSchema } from './invitation-list.ts'
import { LightInvitee } from './light-session.ts'
import { LoadClient } from './load-client.ts'

const [, , linkText = '', disclosed = '{}'] = process.argv
const link = decodeLink(linkText)
const [address] = link.addresses

const invitee = new LightInvitee({
  role: link.role,
  secret: secretToText(link.secret),
  identity: disclosureSchema.parse(JSON.parse(disclosed)),
})
const client = new LoadClient({
  server: multiaddr(`${address}/p2p/${peerIdOfPublicKey(link.publicKey)}`),
  protocol: BOOTSTRAP_PROTOCOL,
  play: (stream, localPeer, how) => invitee.play(stream, localPeer, how),
})

const frames: BareFrame[] = []
await client.once((stream, localPeer) =>
  invitee.play(stream, localPeer, { note: (frame) => frames.push(frame) }),
)
client.start(formatFrames(frames))
