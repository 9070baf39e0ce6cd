/**
 * The dialling side of a bootstrap without a store of its own, in a process of its own:
 * `light-client.ts LINK DISCLOSED [ADDRESS]`, of the link's addresses the first, if none is given.
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

const [, , link = '', disclosed = '{}', address = decodeLink(link).addresses[0]] = process.argv
const { publicKey } = decodeLink(link)
const identity = z.record(z.string(), z.string()).parse(JSON.parse(disclosed))
const invitee = new LightInvitee(link, identity)
const client = new LoadClient({
  server: `${address}/p2p/${peerIdOfPublicKey(publicKey)}`,
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
