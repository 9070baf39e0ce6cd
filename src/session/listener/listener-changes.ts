import { compact } from '../../protocol/base/compact.ts'
import { encodeMessage } from '../../protocol/message/message-codec.ts'
import { messageHash } from '../../protocol/message/message-hash.ts'
import { DELEGATED_RESERVATION_MS } from '../config/reservation-times.ts'
import { AnswerError } from '../errors.ts'
import type { ListenerChange } from '../machine/listener-effect.ts'
import type { OfType } from '../machine/transition.ts'
import { answerTo } from '../ports/work.ts'
import type { Answer, InviterWrite, Write } from '../ports/write.ts'
import type { PreparedChange } from '../run/session-machine.ts'
import { noticeOf } from '../upkeep/use-notices.ts'
import { approvalOf, inviterTally, receiptOf } from './listener-answer.ts'
import type { ListenerContext, ListenerFound } from './listener-context.ts'
import { redemptionOf } from './listener-databases.ts'
import { signedAnswer } from './listener-receipts.ts'

type Prepared = PreparedChange<ListenerFound>

/** Puts one change of a transition into writes. @throws AnswerError if the answer does not fit into a message */
export function prepareListenerChange(context: ListenerContext, change: ListenerChange): Prepared {
  const { clock } = context.ports
  const now = clock.now()
  const facts = context.audit.facts(context)
  switch (change.type) {
    case 'approve':
      return only({ op: 'approve', claim: change.claim, facts })
    case 'intendProvision': {
      const writes = [{ op: 'intendProvision', claim: change.claim, now, facts }] as const
      const found = (answers: readonly Answer[]) => {
        const { claim } = answerTo('intendProvision', writes, { answers })
        return { awaitsRemoval: claim !== undefined }
      }
      return { writes, found }
    }
    case 'delegateProvision':
      return delegate(context, change)
    case 'commitBuilt':
      return commitBuilt(context, change)
    case 'commitDelegated':
      return commitDelegated(context, change)
    case 'confirm':
      return confirm(context, change)
    case 'noteForgery': {
      const about = { id: context.sessionId, peerId: context.peerId }
      const { redemptionId } = change
      const data = { event: 'receipt.forged' }
      return only(context.audit.record('security', 'alarm', { ...about, redemptionId }, data))
    }
    case 'release': {
      const { claim, tokenId, reason } = change
      return only({ op: 'release', claim, tokenId, reason, now, facts })
    }
    case 'oweRemoval': {
      const { claim, tallyId, reason } = change
      const { redemptionId, fence } = claim
      const { sessionId, peerId } = context
      const order = { tallyId, redemptionId, fence, sessionId, peerId, reason }
      return only({ op: 'oweRemoval', order, now })
    }
    case 'decline': {
      const { tokenId, reason } = change
      return only(compact({ op: 'decline', tokenId, reason, now, facts }))
    }
    default:
      return change satisfies never
  }
}

function only(write: Write): Prepared {
  return { writes: [write] }
}

/** @throws AnswerError */
function fitting<Made>(make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    throw new AnswerError('the answer does not fit into a message', { cause: error })
  }
}

function confirm(
  context: ListenerContext,
  { type: _, peerId: __, ...said }: OfType<ListenerChange, 'confirm'>,
): Prepared {
  const now = context.ports.clock.now()
  const facts = context.audit.facts(context)
  const write = { op: 'confirm', ...said, now, facts } as const
  const writes = [write] as const
  return {
    writes,
    found: (answers) => {
      const answer = answerTo('confirm', writes, { answers })
      return answer.isKnown ? {} : { isWithdrawn: answer.isWithdrawn }
    },
  }
}

function delegate(
  context: ListenerContext,
  change: OfType<ListenerChange, 'delegateProvision'>,
): Prepared {
  const { claim, grant, buildWithinMs } = change
  const { tokenId } = grant
  const signs = context.ports.sign !== undefined
  const response = fitting(() =>
    encodeMessage(
      approvalOf(redemptionOf(context, change), context.sessionId, { buildWithinMs }, signs),
    ),
  )
  const reservedUntil = context.ports.clock.now() + DELEGATED_RESERVATION_MS
  const facts = context.audit.facts(context)
  return {
    writes: [{ op: 'delegate', claim, tokenId, response, reservedUntil, facts }],
    found: () => ({ response }),
  }
}

function commitBuilt(
  context: ListenerContext,
  change: OfType<ListenerChange, 'commitBuilt'>,
): Prepared {
  const redemption = redemptionOf(context, change)
  const { payload, tally, receipt } = fitting(() => {
    const { approval, ...rest } = signedAnswer(context, redemption, change.built)
    return { payload: encodeMessage(approval), ...rest }
  })
  const response = { payload, hash: messageHash(payload) }
  return {
    writes: [commit(context, change, { tally, response })],
    found: () => compact({ response: payload, receipt }),
  }
}

function commitDelegated(
  context: ListenerContext,
  change: OfType<ListenerChange, 'commitDelegated'>,
): Prepared {
  const { claim, built, receipt: marks } = change
  const { tallyId } = built.tally
  const signature = marks?.inviterSignature
  const receipt = fitting(() => encodeMessage(receiptOf(claim.redemptionId, tallyId, signature)))
  const kept = inviterTally(redemptionOf(context, change), built, 'confirmed')
  const tally = marks === undefined ? kept : { ...kept, receipt: marks }
  const isSigned = marks?.inviteeSignature !== undefined
  return only(commit(context, change, { tally, receipt, isSigned }))
}

function commit(
  context: ListenerContext,
  {
    claim,
    grant,
  }: OfType<ListenerChange, 'commitBuilt'> | OfType<ListenerChange, 'commitDelegated'>,
  made: Pick<
    Extract<InviterWrite, { op: 'commit' }>,
    'tally' | 'response' | 'receipt' | 'isSigned'
  >,
): Write {
  const { sessionId, peerId, ports } = context
  const { redemptionId, fence } = claim
  const { tokenId } = grant
  const notice = noticeOf(ports, { redemptionId, fence, sessionId, peerId, tokenId })
  const facts = context.audit.facts(context)
  const now = ports.clock.now()
  return compact({ op: 'commit', claim, grant, ...made, now, notice, facts })
}
