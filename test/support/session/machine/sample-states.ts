import type { Role } from '../../../../src/protocol/base/role.ts'
import type {
  Approval,
  BuiltDatabase,
  Offer,
  Refusal,
} from '../../../../src/protocol/message/messages.ts'
import type { ReceiptMarks } from '../../../../src/protocol/receipt/receipt.ts'
import type { DialerEvent, DialerEventType } from '../../../../src/session/machine/dialer-event.ts'
import type {
  DialerState,
  DialerStateName,
  Plan,
} from '../../../../src/session/machine/dialer-state.ts'
import type {
  Denial,
  ListenerEvent,
  ListenerEventType,
} from '../../../../src/session/machine/listener-event.ts'
import type {
  Claim,
  ContactFacts,
  Grant,
  ListenerState,
  ListenerStateName,
} from '../../../../src/session/machine/listener-state.ts'

// One of each, so that tables can be probed. A name after the colon tells variants of a state apart.

const ALICE = '12D3KooWAlice'
export const BOB = '12D3KooWBob'
const TOKEN_ID = 'token-1'
const HASH = 'a'.repeat(64)
const SIGNATURE = 'A'.repeat(86)
const RECEIPT: ReceiptMarks = {
  tokenId: TOKEN_ID,
  request: HASH,
  response: HASH,
  inviterSignature: SIGNATURE,
  inviteeSignature: SIGNATURE,
}
export const DENIAL: Denial = { code: 'busy', reason: 'no room' }
const CALLER = { sessionId: 'session-1', peerId: BOB }

export const CONTACT: ContactFacts = {
  bootstrapId: 'bootstrap-1',
  requestHash: HASH,
  role: 'stock',
  identity: { name: 'Bob' },
  cadre: [],
  another: false,
}

export const CLAIM: Claim = {
  redemptionId: 'redemption-1',
  fence: 1,
  use: 1,
  tallyId: 'tally-1',
  approvedAt: 1_000,
}

export function grant(role: Role, required: readonly string[] = []): Grant {
  return {
    tokenId: TOKEN_ID,
    role,
    expiresAt: 2_000_000,
    required,
    optional: [],
    usesAllowed: 1,
    terms: null,
  }
}

/** As `grant`, of an invitation by hand. */
export function grantByHand(role: Role, required: readonly string[] = []): Grant {
  return { ...grant(role, required), byHand: true }
}

export function built(role: Role): BuiltDatabase {
  return {
    tally: { tallyId: CLAIM.tallyId, createdBy: role },
    database: { engine: 'test', endpoint: 'test:1', credentialsRef: 'none' },
    draft: { text: '{}', sha256: HASH },
  }
}

export function offer(role: Role): Offer {
  return { type: 'Offer', role, terms: null, required: [], optional: [], expiresAt: 2_000 }
}

export function approval(role: Role): Approval {
  return {
    type: 'ProvisioningResult',
    approved: true,
    sessionId: 'session-1',
    redemptionId: CLAIM.redemptionId,
    role,
    partyId: ALICE,
    identity: {},
    cadre: [],
    terms: null,
    tallyId: CLAIM.tallyId,
    approvedAt: 1_000,
    ...(role === 'stock' ? { built: built(role) } : { buildWithinMs: 600_000 }),
  }
}

export function refusal(code: Refusal['code'] = 'busy'): Refusal {
  return { type: 'ProvisioningResult', approved: false, code, reason: 'no' }
}

export function plan(role: Role, rest: Partial<Plan> = {}): Plan {
  return {
    sessionId: 'session-2',
    attemptId: 'attempt-1',
    bootstrapId: 'bootstrap-1',
    tokenId: TOKEN_ID,
    inviter: ALICE,
    localPeer: BOB,
    role,
    expiresAt: 2_000,
    addresses: ['/ip4/192.0.2.1/tcp/1'],
    identity: { name: 'Bob' },
    cadre: [],
    another: false,
    inspectFirst: true,
    ...rest,
  }
}

type Named<State> = Readonly<Record<string, State>>
type ListenerSamples = {
  readonly [Name in ListenerStateName]: Named<ListenerState & { name: Name }>
}
type DialerSamples = { readonly [Name in DialerStateName]: Named<DialerState & { name: Name }> }

const stock = { caller: CALLER, contact: CONTACT, grant: grant('stock'), claim: CLAIM }
const foil = { caller: CALLER, contact: CONTACT, grant: grant('foil'), claim: CLAIM }
const told = { tokenId: TOKEN_ID, role: 'stock', claim: CLAIM, tallyId: CLAIM.tallyId } as const

export const LISTENER_STATES: ListenerSamples = {
  CREATED: { '': { name: 'CREATED', caller: CALLER } },
  READING_REQUEST: {
    '': { name: 'READING_REQUEST', caller: CALLER, busy: 'no', inspected: false },
    'describing the offer': {
      name: 'READING_REQUEST',
      caller: CALLER,
      busy: 'offer',
      inspected: true,
    },
    'offer sent': { name: 'READING_REQUEST', caller: CALLER, busy: 'no', inspected: true },
    'checking a decline': {
      name: 'READING_REQUEST',
      caller: CALLER,
      busy: 'decline',
      inspected: false,
    },
  },
  VALIDATING_TOKEN: {
    '': { name: 'VALIDATING_TOKEN', caller: CALLER, tokenId: TOKEN_ID, contact: CONTACT },
    'asking the host': {
      name: 'VALIDATING_TOKEN',
      caller: CALLER,
      tokenId: TOKEN_ID,
      contact: CONTACT,
      held: { grant: grant('stock'), claim: CLAIM },
    },
  },
  VALIDATING_IDENTITY: {
    stock: { name: 'VALIDATING_IDENTITY', ...stock, grant: grant('stock', ['name']) },
    foil: { name: 'VALIDATING_IDENTITY', ...foil, grant: grant('foil', ['name']) },
    'stock, by hand': {
      name: 'VALIDATING_IDENTITY',
      ...stock,
      grant: grantByHand('stock', ['name']),
    },
  },
  ASKING_INVITER: {
    '': {
      name: 'ASKING_INVITER',
      caller: CALLER,
      contact: CONTACT,
      grant: grantByHand('stock', ['name']),
    },
  },
  PROVISIONING_DB: {
    stock: { name: 'PROVISIONING_DB', ...stock },
    foil: { name: 'PROVISIONING_DB', ...foil },
    'stock, by hand': { name: 'PROVISIONING_DB', ...stock, grant: grantByHand('stock') },
  },
  SENDING_RESPONSE: {
    stock: { name: 'SENDING_RESPONSE', ...stock, tallyId: CLAIM.tallyId },
    foil: { name: 'SENDING_RESPONSE', ...foil, tallyId: CLAIM.tallyId },
  },
  AWAITING_ACK: {
    foil: { name: 'AWAITING_ACK', ...foil, tallyId: CLAIM.tallyId, checking: false },
    'foil, checking': { name: 'AWAITING_ACK', ...foil, tallyId: CLAIM.tallyId, checking: true },
  },
  COMPLETED: {
    '': { name: 'COMPLETED', caller: CALLER, awaitsAck: false, ...told },
    'stock, no acknowledgment yet': { name: 'COMPLETED', caller: CALLER, awaitsAck: true, ...told },
    'stock, verifying the acknowledgment': {
      name: 'COMPLETED',
      caller: CALLER,
      awaitsAck: false,
      verifying: true,
      ...told,
    },
  },
  FAILED: {
    '': { name: 'FAILED', caller: CALLER, failure: { reason: 'busy', step: 'CREATED' } },
  },
  TIMEOUT: {
    '': {
      name: 'TIMEOUT',
      caller: CALLER,
      failure: { reason: 'step_deadline', step: 'READING_REQUEST' },
    },
  },
}

export const LISTENER_EVENTS: {
  readonly [Type in ListenerEventType]: Named<ListenerEvent & { type: Type }>
} = {
  opened: { '': { type: 'opened' } },
  inspect: { '': { type: 'inspect', tokenId: TOKEN_ID } },
  contact: {
    '': { type: 'contact', tokenId: TOKEN_ID, contact: CONTACT, partyId: BOB },
    'of somebody else': { type: 'contact', tokenId: TOKEN_ID, contact: CONTACT, partyId: ALICE },
  },
  databaseResult: {
    '': { type: 'databaseResult', redemptionId: CLAIM.redemptionId, built: built('foil') },
    'of another redemption': {
      type: 'databaseResult',
      redemptionId: 'other',
      built: built('foil'),
    },
  },
  acknowledgment: {
    '': { type: 'acknowledgment', redemptionId: CLAIM.redemptionId, responseHash: HASH },
    signed: {
      type: 'acknowledgment',
      redemptionId: CLAIM.redemptionId,
      responseHash: HASH,
      signature: SIGNATURE,
    },
    'of another redemption': { type: 'acknowledgment', redemptionId: 'other', responseHash: HASH },
  },
  decline: {
    '': { type: 'decline', tokenId: TOKEN_ID },
    'with a reason': { type: 'decline', tokenId: TOKEN_ID, reason: 'no, thank you' },
  },
  strayMessage: { '': { type: 'strayMessage', message: 'Offer' } },
  frameRejected: { '': { type: 'frameRejected', problem: 'oversize' } },
  streamEnded: { '': { type: 'streamEnded' } },
  streamClosed: { '': { type: 'streamClosed' } },
  offerReady: { '': { type: 'offerReady', offer: offer('stock'), tokenId: TOKEN_ID } },
  tokenRefused: {
    '': { type: 'tokenRefused', denial: DENIAL, recognised: true, tokenId: TOKEN_ID },
    'of a stranger': {
      type: 'tokenRefused',
      denial: { code: 'invalid_token', reason: 'not known here' },
      recognised: false,
      tokenId: TOKEN_ID,
    },
  },
  useHeld: { '': { type: 'useHeld', grant: grant('stock'), claim: CLAIM } },
  tokenReserved: {
    stock: { type: 'tokenReserved', grant: grant('stock'), claim: CLAIM },
    foil: { type: 'tokenReserved', grant: grant('foil'), claim: CLAIM },
    'identity required': { type: 'tokenReserved', grant: grant('stock', ['name']), claim: CLAIM },
  },
  approvalNeeded: {
    '': { type: 'approvalNeeded', grant: grantByHand('stock') },
    'identity required': { type: 'approvalNeeded', grant: grantByHand('stock', ['name']) },
  },
  requestKept: {
    '': {
      type: 'requestKept',
      denial: { code: 'pending', reason: 'not yet', retryAfterMs: 30_000, pendingUntil: 9_000 },
      redemptionId: CLAIM.redemptionId,
    },
  },
  tokenReplayed: {
    stock: { type: 'tokenReplayed', grant: grant('stock'), claim: CLAIM, tallyId: CLAIM.tallyId },
    foil: { type: 'tokenReplayed', grant: grant('foil'), claim: CLAIM, tallyId: CLAIM.tallyId },
  },
  declineRecognised: {
    '': { type: 'declineRecognised', tokenId: TOKEN_ID },
    'with a reason': { type: 'declineRecognised', tokenId: TOKEN_ID, reason: 'no, thank you' },
  },
  identityAccepted: { '': { type: 'identityAccepted' } },
  identityRefused: {
    '': {
      type: 'identityRefused',
      denial: { code: 'identity_required', reason: 'who are you?', fields: ['name'] },
    },
  },
  provisioned: { '': { type: 'provisioned', built: built('stock') } },
  provisionRefused: { '': { type: 'provisionRefused', denial: DENIAL } },
  delegated: { '': { type: 'delegated', buildWithinMs: 600_000 } },
  databaseAccepted: {
    '': { type: 'databaseAccepted', built: built('foil') },
    signed: { type: 'databaseAccepted', built: built('foil'), receipt: RECEIPT },
  },
  databaseReplayed: { '': { type: 'databaseReplayed' } },
  databaseRefused: { '': { type: 'databaseRefused', denial: DENIAL } },
  databaseContradicted: { '': { type: 'databaseContradicted', denial: DENIAL } },
  acknowledgmentVerified: {
    '': { type: 'acknowledgmentVerified', redemptionId: CLAIM.redemptionId, responseHash: HASH },
    signed: {
      type: 'acknowledgmentVerified',
      redemptionId: CLAIM.redemptionId,
      responseHash: HASH,
      signature: SIGNATURE,
    },
  },
  acknowledgmentForged: {
    '': { type: 'acknowledgmentForged', redemptionId: CLAIM.redemptionId },
  },
  sent: { '': { type: 'sent' } },
  sendFailed: { '': { type: 'sendFailed' } },
  hookFailed: {
    token: { type: 'hookFailed', hook: 'token', detail: 'Error: broken' },
    database: { type: 'hookFailed', hook: 'database', detail: 'Error: broken' },
  },
  effectFailed: { '': { type: 'effectFailed', detail: 'Error: broken' } },
  approvalVoid: { '': { type: 'approvalVoid', grant: grant('stock'), claim: CLAIM } },
  superseded: { '': { type: 'superseded' } },
  stepDeadline: { '': { type: 'stepDeadline' } },
  sessionDeadline: { '': { type: 'sessionDeadline' } },
  crashed: { '': { type: 'crashed' } },
  cancelled: {
    '': {
      type: 'cancelled',
      denial: { code: 'draining', reason: 'stopping', retryAfterMs: 5_000 },
    },
  },
  parked: {
    '': {
      type: 'parked',
      denial: { code: 'draining', reason: 'stopping', retryAfterMs: 5_000 },
    },
  },
}

function approved(role: Role, rest: Partial<Plan> = {}) {
  return { plan: plan(role, rest), approval: approval(role), responseHash: HASH }
}

export const DIALER_STATES: DialerSamples = {
  CREATED: { '': { name: 'CREATED', plan: plan('stock') } },
  CONNECTING: {
    '': { name: 'CONNECTING', plan: plan('stock') },
    'nothing to disclose': { name: 'CONNECTING', plan: plan('stock', { inspectFirst: false }) },
  },
  SENDING_REQUEST: {
    inspecting: { name: 'SENDING_REQUEST', plan: plan('stock'), phase: 'inspecting' },
    'awaiting the offer': { name: 'SENDING_REQUEST', plan: plan('stock'), phase: 'awaitingOffer' },
    contacting: {
      name: 'SENDING_REQUEST',
      plan: plan('stock'),
      offer: offer('stock'),
      phase: 'contacting',
    },
  },
  AWAITING_RESPONSE: {
    '': { name: 'AWAITING_RESPONSE', plan: plan('stock'), offer: offer('stock') },
    'held before': { name: 'AWAITING_RESPONSE', plan: plan('foil', { held: 'tally-0' }) },
  },
  VALIDATING_RESPONSE: {
    stock: { name: 'VALIDATING_RESPONSE', ...approved('stock') },
    foil: { name: 'VALIDATING_RESPONSE', ...approved('foil') },
  },
  ACKNOWLEDGING: {
    stock: { name: 'ACKNOWLEDGING', ...approved('stock'), built: built('stock') },
  },
  PROVISIONING_DB: {
    foil: { name: 'PROVISIONING_DB', ...approved('foil') },
    'foil, held before': { name: 'PROVISIONING_DB', ...approved('foil', { held: 'tally-0' }) },
  },
  SENDING_RESULT: {
    foil: { name: 'SENDING_RESULT', ...approved('foil'), built: built('foil') },
  },
  AWAITING_RECEIPT: {
    foil: { name: 'AWAITING_RECEIPT', ...approved('foil'), built: built('foil') },
  },
  COMPLETED: { '': { name: 'COMPLETED', ...approved('stock'), built: built('stock') } },
  FAILED: {
    '': {
      name: 'FAILED',
      plan: plan('stock'),
      failure: { reason: 'unreachable', step: 'CONNECTING' },
    },
  },
  TIMEOUT: {
    '': {
      name: 'TIMEOUT',
      plan: plan('stock'),
      failure: { reason: 'step_deadline', step: 'CONNECTING' },
    },
  },
}

const receipt = {
  type: 'Receipt',
  redemptionId: CLAIM.redemptionId,
  tallyId: CLAIM.tallyId,
} as const

export const DIALER_EVENTS: {
  readonly [Type in DialerEventType]: Named<DialerEvent & { type: Type }>
} = {
  started: { '': { type: 'started', plan: plan('stock') } },
  connected: { '': { type: 'connected', address: '/ip4/192.0.2.1/tcp/1' } },
  dialFailed: { '': { type: 'dialFailed', cause: 'unreachable', detail: 'nobody there' } },
  offer: {
    '': { type: 'offer', offer: offer('stock') },
    'of another role': { type: 'offer', offer: offer('foil') },
    'asks for more': { type: 'offer', offer: { ...offer('stock'), required: ['email'] } },
  },
  approval: {
    stock: { type: 'approval', approval: approval('stock'), responseHash: HASH },
    foil: { type: 'approval', approval: approval('foil'), responseHash: HASH },
  },
  refusal: {
    'for now': { type: 'refusal', refusal: refusal('busy') },
    'for good': { type: 'refusal', refusal: refusal('used') },
  },
  receipt: {
    confirmed: { type: 'receipt', receipt: { ...receipt, outcome: 'confirmed' } },
    signed: {
      type: 'receipt',
      receipt: { ...receipt, outcome: 'confirmed', signature: SIGNATURE },
    },
    'with a wrong signature': {
      type: 'receipt',
      receipt: { ...receipt, outcome: 'confirmed', signature: SIGNATURE },
      problem: 'the signature is not the inviter’s',
    },
    refused: {
      type: 'receipt',
      receipt: { ...receipt, outcome: 'refused', code: 'database_refused', reason: 'no' },
    },
    'of another redemption': {
      type: 'receipt',
      receipt: { ...receipt, redemptionId: 'other', outcome: 'confirmed' },
    },
  },
  strayMessage: { '': { type: 'strayMessage', message: 'InboundContact' } },
  frameRejected: { '': { type: 'frameRejected', problem: 'oversize' } },
  streamEnded: { '': { type: 'streamEnded' } },
  streamClosed: { '': { type: 'streamClosed' } },
  sent: { '': { type: 'sent' } },
  sendFailed: { '': { type: 'sendFailed' } },
  responseAccepted: { '': { type: 'responseAccepted' } },
  responseRejected: { '': { type: 'responseRejected', problem: 'the draft differs: terms' } },
  provisioned: { '': { type: 'provisioned', built: built('foil') } },
  hookFailed: { '': { type: 'hookFailed', hook: 'database', detail: 'Error: broken' } },
  effectFailed: { '': { type: 'effectFailed', detail: 'Error: broken' } },
  busy: { '': { type: 'busy' } },
  superseded: { '': { type: 'superseded' } },
  stepDeadline: { '': { type: 'stepDeadline' } },
  sessionDeadline: { '': { type: 'sessionDeadline' } },
  crashed: { '': { type: 'crashed' } },
  cancelled: { '': { type: 'cancelled', detail: 'the caller gave up' } },
}

export interface Sample<Item> {
  /** `NAME` or `NAME (variant)`. */
  readonly label: string
  readonly name: string
  readonly item: Item
}

/** Every sample of a table of them, flat. */
export function flat<Table extends Readonly<Record<string, Named<unknown>>>>(
  table: Table,
): readonly Sample<Table[keyof Table][string]>[] {
  const rows: [string, Named<unknown>][] = Object.entries(table)
  return rows.flatMap(([name, variants]) =>
    Object.entries(variants as Table[keyof Table]).map(([variant, item]) => ({
      name,
      label: variant === '' ? name : `${name} (${variant})`,
      item: item as Table[keyof Table][string],
    })),
  )
}
