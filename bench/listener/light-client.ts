/**
 * The dialling side of a bootstrap without a store of its own, in a process of its own: `light-client.ts LINK DISCLOSED`.
 * Greets its parent with the messages of one bootstrap, then runs the loads it sends.
 */
import * as z from 'zod'
import { BOOTSTRAP_PROTOCOL } from '../../src/network/stream/bootstrap-protocol.ts'
import { peerIdOfPublicKey } from '../../src/protocol/base/peer-id-text.ts'
import { decodeLink } from '../../src/protocol/link/link.ts'
import { type BareFrame, formatFrames } from '../bare/frames.ts'
import { LoadClient } from '../load/load-client.ts'
import { createSigningNode } from '../load/signing-node.ts'
import { LightInvitee, newBootstrapId } from './light-invitee.ts'

const [, , link = '', disclosed = '{}'] = process.argv
const { publicKey, addresses } = decodeLink(link)
const identity = z.record(z.string(), z.string()).parse(JSON.parse(disclosed))
const invitee = new LightInvitee(link, identity)
const client = new LoadClient({
  server: `${addresses[0]}/p2p/${peerIdOfPublicKey(publicKey)}`,
  protocol: BOOTSTRAP_PROTOCOL,
  play: (stream, localPeer, options) => invitee.play(stream, localPeer, options),
  newId: newBootstrapId,
  createNode: createSigningNode,
})

const frames: BareFrame[] = []
invitee.note = (frame) => void frames.push(frame)
await client.once()
invitee.note = undefined
client.start(formatFrames(frames))
