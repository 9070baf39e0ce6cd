import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import { messageHash } from '../../../src/protocol/message/message-hash.ts'
import type { Invitation } from './invitation.ts'
import { Life } from './life.ts'
import type { Network, Overheard } from './network.ts'
import type { Random } from './random.ts'
import type { StreamEnd } from './stream-end.ts'
import type { Timeline } from './timeline.ts'

interface Around {
  readonly random: Random
  readonly timeline: Timeline
  readonly network: Network
}

/** Somebody who has no invitation, but has overheard everything. */
export class HostilePeer {
  readonly peerId: string
  readonly life: Life
  /** What was answered to somebody who showed no good secret. */
  readonly learned: Uint8Array[] = []
  /** True while a frame of its own is being sent. */
  isSpeaking = false
  readonly #around: Around
  readonly #random: Random

  constructor(around: Around, name: string) {
    this.#around = around
    this.#random = around.random.fork()
    this.peerId = peerIdOfPublicKey(this.#random.bytes(32))
    this.life = new Life({
      name,
      timeline: around.timeline,
      wall: () => 0,
      isFatal: () => false,
      died: () => undefined,
    })
  }

  /** Do one nasty thing to this invitation's inviter. */
  act(invitation: Invitation): void {
    const tricks = [
      () => this.#replay(invitation, 'InboundContact'),
      () => this.#replay(invitation, 'DatabaseResult'),
      () => this.acknowledge(invitation),
      () => this.#echo(invitation),
      () => this.#echo(invitation),
      () => this.#guess(invitation),
      () => this.#babble(invitation),
    ]
    this.#random.pick(tricks)()
  }

  /** The very bytes that somebody else sent, under one's own name. */
  #replay(invitation: Invitation, type: string): void {
    const heard = this.#overheard(
      invitation,
      (each) => each.type === type && each.from !== this.peerId,
    )
    const end = heard && this.#open(invitation, this.peerId)
    if (end === undefined || heard === undefined) return
    this.#say(end, heard.payload)
    const more = this.#overheard(invitation, (each) => each.type === 'DatabaseResult')
    if (more !== undefined && type === 'InboundContact') this.#say(end, more.payload)
  }

  /** Somebody else's answer, acknowledged under one's own name. */
  acknowledge(invitation: Invitation): void {
    const answer = this.#around.network.overheard.findLast(
      ({ type, from }) => type === 'ProvisioningResult' && from === invitation.inviter.peerId,
    )
    const end = answer && this.#open(invitation, this.peerId)
    if (end === undefined || answer === undefined) return
    const { redemptionId } = JSON.parse(Buffer.from(answer.payload).toString())
    if (typeof redemptionId !== 'string') return end.reset()
    const responseHash = messageHash(answer.payload)
    this.#say(end, encodeMessage({ type: 'Acknowledgment', redemptionId, responseHash }))
  }

  /** The rightful peer's own contact, arriving twice. */
  #echo(invitation: Invitation): void {
    const heard = this.#overheard(invitation, ({ type }) => type === 'InboundContact')
    if (heard !== undefined) this.repeat(invitation, heard)
  }

  /** What the rightful peer has just said, once more, as its own frame that came twice would. */
  repeat(invitation: Invitation, { from, payload }: Overheard): void {
    const end = this.#open(invitation, from, false)
    if (end !== undefined) this.#say(end, payload)
  }

  /** A secret that is none. */
  #guess(invitation: Invitation): void {
    const end = this.#open(invitation, this.peerId)
    if (end === undefined) return
    const secret = secretToText(this.#random.bytes(16))
    const { role } = invitation.wish
    const contact = {
      type: 'InboundContact',
      bootstrapId: this.#random.text(26),
      secret,
      partyId: this.peerId,
      role,
      identity: { name: 'Mallory' },
      cadre: [],
    } as const
    const words = [{ type: 'Inspect', secret }, contact, { type: 'Decline', secret }] as const
    this.#say(end, encodeMessage(this.#random.pick(words)))
  }

  #babble(invitation: Invitation): void {
    const end = this.#open(invitation, this.peerId)
    if (end === undefined) return
    for (let turn = this.#random.below(3); turn >= 0; turn -= 1) {
      this.#say(end, this.#random.bytes(1 + this.#random.below(60)))
    }
    if (this.#random.chance(0.5)) void end.close()
  }

  #overheard({ inviter }: Invitation, fits: (each: Overheard) => boolean): Overheard | undefined {
    const all = this.#around.network.overheard.filter(
      (each) => each.to === inviter.peerId && fits(each),
    )
    return all.length === 0 ? undefined : this.#random.pick(all)
  }

  #open(invitation: Invitation, as: string, isStranger = true): StreamEnd | undefined {
    const end = this.#around.network.open(this.life, as, invitation.inviter.peerId)
    end?.listen({
      frame: (payload) => {
        if (isStranger) this.learned.push(payload)
      },
      problem: () => undefined,
      ended: () => void end.close(),
      closed: () => undefined,
    })
    // Nobody waits for ever, not even Mallory.
    this.life.after(40_000, () => end?.reset())
    return end
  }

  #say(end: StreamEnd, payload: Uint8Array): void {
    this.isSpeaking = true
    end.send(payload).catch(() => undefined)
    this.isSpeaking = false
  }
}
