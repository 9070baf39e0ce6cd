import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import type { RedeemRequest } from '../../../src/session/dialer/redeem-request.ts'
import type { WireFaults } from '../memory-transport.ts'
import { type NodeInit, World } from './world.ts'

/** One way to get stuck in one state. */
export interface Stall {
  readonly step: string
  readonly role?: 'stock' | 'foil'
  /** Milliseconds, with the default deadlines. */
  readonly limit: number
  readonly inviter?: NodeInit['hooks']
  readonly invitee?: NodeInit['hooks']
  readonly faults?: WireFaults
  readonly request?: Partial<RedeemRequest>
}

export const never = (): Promise<never> => new Promise(() => undefined)

/** A world whose inviter's databases never get built. */
export function stuckWorld(config: Partial<SessionConfig> = {}): World {
  return new World({
    inviter: { config, hooks: (own) => ({ ...own, database: { provision: never } }) },
  })
}

export const stall = (side: 'dialer' | 'listener', nth: number): WireFaults => ({
  gate: (from, n) => (from === side && n === nth ? never() : undefined),
})
export const lose = (side: 'dialer' | 'listener', nth: number): WireFaults => ({
  fate: (from, _payload, n) => (from === side && n === nth ? 'drop' : 'deliver'),
})

export function hanging(
  room: 'token' | 'identity' | 'database',
  method: string,
): NonNullable<NodeInit['hooks']> {
  return ({ token, identity, database, audit }) => {
    const rooms: Record<string, Record<string, unknown>> = {
      token: { validate: token.validate.bind(token), markUsed: token.markUsed.bind(token) },
      identity: { validate: identity.validate.bind(identity) },
      database: {
        provision: database.provision.bind(database),
        deprovision: database.deprovision.bind(database),
        verify: database.verify.bind(database),
      },
    }
    rooms[room] = { ...rooms[room], [method]: never }
    return { ...rooms, audit } as unknown as SessionHooks
  }
}

export const INVITERS: readonly Stall[] = [
  { step: 'READING_REQUEST', limit: 5_000, faults: lose('dialer', 1) },
  { step: 'VALIDATING_TOKEN', limit: 5_000, inviter: hanging('token', 'validate') },
  {
    step: 'VALIDATING_IDENTITY',
    limit: 5_000,
    inviter: hanging('identity', 'validate'),
    request: { identity: { name: 'Bob' } },
  },
  { step: 'PROVISIONING_DB', limit: 10_000, inviter: hanging('database', 'provision') },
  { step: 'SENDING_RESPONSE', limit: 5_000, faults: stall('listener', 1) },
  { step: 'AWAITING_ACK', role: 'foil', limit: 15_000, faults: lose('dialer', 2) },
]

export const INVITEES: readonly Stall[] = [
  { step: 'SENDING_REQUEST', limit: 10_000, faults: stall('dialer', 1) },
  { step: 'AWAITING_RESPONSE', limit: 15_000, faults: lose('listener', 1) },
  { step: 'VALIDATING_RESPONSE', limit: 5_000, invitee: hanging('database', 'verify') },
  {
    step: 'PROVISIONING_DB',
    role: 'foil',
    limit: 10_000,
    invitee: hanging('database', 'provision'),
  },
  { step: 'SENDING_RESULT', role: 'foil', limit: 5_000, faults: stall('dialer', 2) },
  { step: 'AWAITING_RECEIPT', role: 'foil', limit: 15_000, faults: stall('listener', 2) },
]

/** Patient in all steps, so that only the session's own deadline is left. */
export const PATIENT: Partial<SessionConfig> = {
  stepTimeoutMs: 100_000,
  provisionTimeoutMs: 100_000,
  sessionTimeoutMs: 30_000,
}

/** Begin what gets stuck there. Only the one side's deadlines decide. */
export function begin(
  each: Stall,
  side: 'inviter' | 'invitee',
  config: Partial<SessionConfig> = {},
) {
  // The other side is patient: only one side's clock decides.
  const other = { ...PATIENT, sessionTimeoutMs: 200_000 }
  const world = new World({
    inviter: {
      ...(each.inviter === undefined ? {} : { hooks: each.inviter }),
      config: side === 'inviter' ? config : other,
    },
    invitee: {
      ...(each.invitee === undefined ? {} : { hooks: each.invitee }),
      config: side === 'invitee' ? config : other,
    },
  })
  world.faults = each.faults ?? {}
  const identityRequirements = each.request === undefined ? [] : ['name']
  const link = world.invite({ initiatorRole: each.role ?? 'stock', identityRequirements })
  return { world, outcome: world.redeem(link, each.request) }
}
