import { afterEach, beforeEach } from 'vitest'
import type { AuditRecord } from '../../../src/audit/record/record.ts'
import type { Claim, Grant } from '../../../src/session/machine/listener-state.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { ReserveOutcome, ReserveRequest } from '../../../src/session/ports/uses/reservation.ts'
import type { Applied, Work, WorkOutcome } from '../../../src/session/ports/work.ts'
import type { AnswerTo, LossReason, Write, WriteFacts } from '../../../src/session/ports/write.ts'
import {
  claimOf,
  commitOf,
  grantOf,
  HOLD,
  responseOf,
  T0,
  tokenToIssue,
} from '../../store/fixtures.ts'
import type { EngineInspection, EngineUnderTest, OpenEngine } from './engine.ts'

/** A write that finds something out. */
type Question = Extract<Write, { readonly op: keyof AnswerTo }>

type Fate = 'applied' | LossReason

/** A write that no engine can apply, because it is none: the work that it is in fails. */
export const NO_WRITE: Write = { op: 'oweRemoval', order: undefined as never, now: 1 }

export function factsOf(peerId = 'bob', sessionId = `s-${peerId}`): WriteFacts {
  return { sessionId, peerId, at: T0, monotonic: 1 }
}

/** The write that reserves, as the session of the request makes it. */
export function toReserve(request: ReserveRequest): Extract<Write, { op: 'reserve' }> {
  return { op: 'reserve', request, facts: factsOf(request.peerId, request.sessionId) }
}

export function toRelease(claim: Claim, tokenId: string): Extract<Write, { op: 'release' }> {
  return { op: 'release', claim, tokenId, reason: 'test', now: T0, facts: factsOf() }
}

/** The commit of a stock tally, for a token without limit unless given. */
export function toCommit(
  claim: Claim,
  more: Partial<Extract<Write, { op: 'commit' }>> = {},
): Extract<Write, { op: 'commit' }> {
  return { ...commitOf(claim, grantOf('any', null)), facts: factsOf(), ...more }
}

/** Opens an engine for each test of a suite, and drives it the way that sessions do. */
export class StoreDriver {
  #current: OpenEngine | undefined

  constructor(engine: EngineUnderTest) {
    beforeEach(async () => {
      this.#current = await engine.open()
    })
    afterEach(async () => {
      await this.#current?.close()
      this.#current = undefined
    })
  }

  get engine(): OpenEngine {
    if (this.#current === undefined) throw new Error('the engine is open while a test runs only')
    return this.#current
  }

  get store(): SessionStore {
    return this.engine.store
  }

  get lookups(): SessionStore['lookups'] {
    return this.store.lookups
  }

  get inspect(): EngineInspection {
    return this.engine.inspect
  }

  /** Writes, and waits until it is durable. */
  async outcomeOf(...work: Work): Promise<WorkOutcome> {
    const { outcome, durable } = this.store.submit(work)
    const known = await outcome
    await durable
    return known
  }

  /** As `outcomeOf`, of a piece of work that must not be lost. */
  async apply(...work: Work): Promise<Applied> {
    const outcome = await this.outcomeOf(...work)
    if (outcome.kind === 'lost') throw new Error(`lost at ${outcome.at}: ${outcome.why}`)
    return outcome
  }

  async fate(...work: Work): Promise<Fate> {
    const outcome = await this.outcomeOf(...work)
    return outcome.kind === 'lost' ? outcome.why : 'applied'
  }

  async ask<Each extends Question>(write: Each): Promise<AnswerTo[Each['op']]> {
    const { answers } = await this.apply(write)
    // The engine answers each write by its place.
    return answers[0] as AnswerTo[Each['op']]
  }

  /** Issues a token, and returns what its token hook grants. */
  async issue(id: string, uses: number | null, expiresAt?: number): Promise<Grant> {
    const token = tokenToIssue(id, uses)
    const grant = grantOf(id, uses)
    if (expiresAt === undefined) await this.engine.addToken(token)
    else await this.engine.addToken({ ...token, expiresAt })
    return expiresAt === undefined ? grant : { ...grant, expiresAt }
  }

  reserve(request: ReserveRequest): Promise<ReserveOutcome> {
    return this.ask(toReserve(request))
  }

  /** The claim of a request that must not be refused. */
  async claim(request: ReserveRequest): Promise<Claim> {
    return claimOf(await this.reserve(request))
  }

  commit(claim: Claim, more: Partial<Extract<Write, { op: 'commit' }>> = {}): Promise<Fate> {
    return this.fate(toCommit(claim, more))
  }

  /** True if the use was given back. */
  async release(claim: Claim, tokenId: string): Promise<boolean> {
    return (await this.ask(toRelease(claim, tokenId))).isReleased
  }

  approve(claim: Claim): Promise<Fate> {
    return this.fate({ op: 'approve', claim, facts: factsOf() })
  }

  intend(claim: Claim): Promise<Fate> {
    return this.fate({ op: 'intendProvision', claim, now: T0, facts: factsOf() })
  }

  /** Delegates on the strength of an approval that was given before. */
  delegate(
    claim: Claim,
    until: number = T0 + HOLD,
    response: Uint8Array = responseOf(claim.redemptionId).payload,
  ): Promise<Fate> {
    const facts = factsOf()
    const tokenId = 'any'
    return this.fate({ op: 'delegate', claim, tokenId, response, reservedUntil: until, facts })
  }

  /** Approves and delegates, as the checks' last step does. */
  async delegated(claim: Claim, until: number = T0 + 10 * HOLD): Promise<Fate> {
    const approved = await this.approve(claim)
    return approved === 'applied' ? this.delegate(claim, until) : approved
  }

  /** The acknowledgement of an answer by the peer that it was given to. */
  confirm(redemptionId: string, peerId: string, signature?: string) {
    const responseHash = responseOf(redemptionId).hash
    const write = { op: 'confirm', redemptionId, responseHash, now: T0 } as const
    const signed = signature === undefined ? {} : { signature }
    return this.ask({ ...write, ...signed, facts: factsOf(peerId) })
  }

  /** Reads the whole audit. */
  async records(): Promise<readonly AuditRecord[]> {
    return (await this.inspect.audit()).map(({ text }): AuditRecord => JSON.parse(text))
  }

  /** The events of the audit, in its order. */
  async events(): Promise<readonly unknown[]> {
    return (await this.records()).map(({ data }) => data['event'])
  }
}
