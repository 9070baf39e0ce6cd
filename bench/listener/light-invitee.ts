import { hash, randomBytes } from 'node:crypto'
import type { Stream } from '@libp2p/interface'
import type { Role } from '../../src/protocol/base/role.ts'
import { buildDraft } from '../../src/protocol/draft/draft.ts'
import { FrameDecoder } from '../../src/protocol/frame/frame-decoder.ts'
import { encodeFrame } from '../../src/protocol/frame/frame-encoder.ts'
import { decodeLink } from '../../src/protocol/link/link.ts'
import { secretToText, tokenIdOf } from '../../src/protocol/link/secret.ts'
import { decodeMessage } from '../../src/protocol/message/message-codec.ts'
import type {
  Approval,
  BuiltDatabase,
  IdentityBundle,
  Refusal,
} from '../../src/protocol/message/messages.ts'
import { responseContentHash } from '../../src/protocol/receipt/receipt.ts'
import { automergeDatabase } from '../../src/tally/automerge-database.ts'
import type { BareFrame } from '../bare/frames.ts'
import { Exchange } from '../load/exchange.ts'
import type { PlayOptions } from '../load/load-client.ts'
import { RefusedError } from '../load/run-visits.ts'
import { signReceipt } from '../load/signing-node.ts'

const encoder = new TextEncoder()

/**
 * Redeems one standing invitation again and again, keeps nothing, and says prepared text: the cost of the inviter's
 * side shows undisturbed.
 */
export class LightInvitee {
  /** Told of every message, in order. */
  note: ((frame: BareFrame) => void) | undefined
  /** The inviter's role. */
  readonly #role: Role
  readonly #identity: IdentityBundle
  readonly #afterId: string
  readonly #tokenId: string

  constructor(link: string, identity: IdentityBundle) {
    const { role, secret } = decodeLink(link)
    this.#role = role
    this.#identity = identity
    this.#tokenId = tokenIdOf(secret)
    const said = { secret: secretToText(secret), role, identity, cadre: [], another: true }
    this.#afterId = JSON.stringify(said).slice(1)
  }

  /** Plays one bootstrap on a fresh stream. */
  play(stream: Stream, localPeer: string, { holds, id }: PlayOptions): Exchange {
    const decoder = new FrameDecoder()
    const send = (payload: Uint8Array): void => {
      stream.send(encodeFrame(payload))
      this.note?.({ from: 'invitee', bytes: payload.length })
    }
    let isApproved = false
    const answer = (payload: Uint8Array): void => {
      if (holds) return exchange.pause()
      if (isApproved) return exchange.finish(receiptProblem(payload))
      const approval = read(payload)
      if (approval instanceof Error) return exchange.finish(approval)
      isApproved = true
      if (this.#role === 'foil') return send(this.#databaseResult(approval, localPeer))
      send(this.#acknowledgment(approval, payload, localPeer))
      exchange.finish()
    }
    const exchange = new Exchange(stream, (data) => {
      for (const payload of decoder.push(data.subarray())) {
        this.note?.({ from: 'inviter', bytes: payload.length })
        answer(payload)
      }
    })
    send(this.contact(localPeer, id))
    return exchange
  }

  /** The payload of the first frame. */
  contact(partyId: string, bootstrapId = newBootstrapId()): Uint8Array {
    const head = `{"type":"InboundContact","bootstrapId":"${bootstrapId}","partyId":"${partyId}",`
    return encoder.encode(head + this.#afterId)
  }

  /** Follows an approval if the inviter holds the stock. @throws Error if nothing was built */
  #acknowledgment(approval: Approval, response: Uint8Array, localPeer: string): Uint8Array {
    const { redemptionId, built } = approval
    if (built === undefined) throw new Error('nothing was built')
    const responseHash = hash('sha256', response, 'hex')
    const signature = this.#signature(approval, built, localPeer)
    const said = { type: 'Acknowledgment', redemptionId, responseHash, signature }
    return encoder.encode(JSON.stringify(said))
  }

  /** Follows an approval if the inviter holds the foil. Costs a draft. */
  #databaseResult(approval: Approval, localPeer: string): Uint8Array {
    const { redemptionId, tallyId, role, approvedAt, terms } = approval
    const stock = { partyId: localPeer, identity: this.#identity, cadre: [] }
    const parties = { createdBy: role, stock, foil: approval, terms }
    const built = {
      tally: { tallyId, createdBy: role },
      database: automergeDatabase(tallyId),
      draft: buildDraft({ tallyId, createdAt: approvedAt, ...parties }),
    }
    const signature = this.#signature(approval, built, localPeer)
    const said = { type: 'DatabaseResult', redemptionId, built, signature }
    return encoder.encode(JSON.stringify(said))
  }

  #signature(approval: Approval, built: BuiltDatabase, invitee: string): string | undefined {
    const { redemptionId, partyId: inviter, role, approvedAt, requestHash: request } = approval
    if (request === undefined) return undefined
    const draft = built.draft.sha256
    const { tallyId } = built.tally
    const response = responseContentHash(approval)
    const about = { redemptionId, tokenId: this.#tokenId, tallyId, draft, request, response }
    return signReceipt({ v: 1, ...about, inviter, invitee, role, approvedAt })
  }
}

/** Not checked field by field: that is the invitee's work, and not measured here. */
function read(response: Uint8Array): Approval | Error {
  const text = Buffer.from(response.buffer, response.byteOffset, response.length).toString()
  const answer: Approval | Refusal = JSON.parse(text)
  if (answer.approved) return answer
  const problem = `not approved: ${text.slice(0, 300)}`
  const { retryAfterMs } = answer
  return retryAfterMs === undefined ? new Error(problem) : new RefusedError(problem, retryAfterMs)
}

/** @returns undefined if the receipt says that both sides hold the tally */
function receiptProblem(payload: Uint8Array): Error | undefined {
  const receipt = decodeMessage(payload)
  const isGood = receipt.type === 'Receipt' && receipt.outcome === 'confirmed'
  return isGood ? undefined : new Error('no receipt')
}

export function newBootstrapId(): string {
  return randomBytes(13).toString('hex')
}
