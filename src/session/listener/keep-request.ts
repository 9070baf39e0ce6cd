import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { OfType } from '../machine/transition.ts'
import { NOT_YET } from '../ports/uses/reservation.ts'
import { answerTo } from '../ports/work.ts'
import { reserveRequest } from './claim-token.ts'
import type { ListenerContext } from './listener-context.ts'
import { refuseToken, toDenial } from './listener-tokens.ts'

/** Keeps a request until the inviter says yes or no. It is on the disk before the peer hears that it waits. */
export function keepRequest(
  context: ListenerContext,
  scope: StepScope,
  { contact, grant }: OfType<ListenerEffect, 'keepRequest'>,
): void {
  const { clock, config } = context.ports
  const { identity, cadre } = contact
  const until = clock.now() + config.pendingForMs
  const { remoteAddress } = context.transport
  const asked = { ...reserveRequest(context, contact), grant }
  const request = { ...asked, identity, cadre, remoteAddress, until }
  const work = [{ op: 'keepRequest', request, facts: context.audit.facts(context) }] as const
  context.submit(work, (outcome, durable) => {
    if (outcome.kind === 'lost') return
    const answer = answerTo('keepRequest', work, outcome)
    if (answer.kind === 'refused') {
      if (!scope.over) refuseToken(context, grant.tokenId, toDenial(answer))
      return
    }
    const { redemptionId, until: pendingUntil } = answer.request
    const tell = (): void => {
      const denial = { ...toDenial(NOT_YET), pendingUntil }
      if (!scope.over) context.dispatch({ type: 'requestKept', denial, redemptionId })
    }
    // The session is told by `submit` if it never gets there.
    durable.then(tell, () => undefined)
  })
}
