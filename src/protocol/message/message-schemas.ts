import * as z from 'zod'
import {
  cadre,
  delayMs,
  expirySeconds,
  fieldNames,
  id,
  identityBundle,
  note,
  partySignature,
  peerId,
  proofs,
  publicName,
  reason,
  receiptJson,
  refusalCode,
  role,
  secret,
  seen,
  sha256Text,
  signature,
  tallyId,
  terms,
  timeMs,
  word,
} from './message-field-schemas.ts'
import {
  MAX_CREDENTIALS_REF,
  MAX_DATABASE_ENDPOINT,
  MAX_DATABASE_ENGINE,
  MAX_DATABASE_SECRET,
  MAX_DRAFT_BYTES,
} from './message-limits.ts'
import type {
  Acknowledgment,
  Approval,
  BuiltDatabase,
  CheckpointMessage,
  DatabaseResultMessage,
  Decline,
  InboundContact,
  Inspect,
  MessageType,
  Offer,
  Receipt,
  Refusal,
} from './messages.ts'

const inspect: z.ZodType<Inspect> = z.object({
  type: z.literal('Inspect'),
  secret,
  bootstrapId: id.exactOptional(),
  another: z.literal(true).exactOptional(),
  seen: seen.exactOptional(),
})

const offer: z.ZodType<Offer> = z.object({
  type: z.literal('Offer'),
  role,
  name: publicName.exactOptional(),
  terms,
  required: fieldNames,
  optional: fieldNames,
  expiresAt: expirySeconds,
  byHand: z.literal(true).exactOptional(),
})

const inboundContact: z.ZodType<InboundContact> = z.object({
  type: z.literal('InboundContact'),
  bootstrapId: id,
  secret,
  partyId: peerId,
  role,
  identity: identityBundle,
  cadre,
  another: z.literal(true).exactOptional(),
  waits: z.literal(true).exactOptional(),
  offer: sha256Text.exactOptional(),
  receipt: receiptJson.exactOptional(),
  seen: seen.exactOptional(),
})

const draft = z.object({
  text: z.string().refine((text) => Buffer.byteLength(text) <= MAX_DRAFT_BYTES),
  sha256: sha256Text,
})

const builtDatabase: z.ZodType<BuiltDatabase> = z.object({
  tally: z.object({ tallyId, createdBy: role }),
  database: z.object({
    engine: word(MAX_DATABASE_ENGINE),
    endpoint: word(MAX_DATABASE_ENDPOINT),
    credentialsRef: word(MAX_CREDENTIALS_REF),
    secret: word(MAX_DATABASE_SECRET).exactOptional(),
  }),
  draft,
})

const approval: z.ZodType<Approval> = z.object({
  type: z.literal('ProvisioningResult'),
  approved: z.literal(true),
  sessionId: id,
  redemptionId: id,
  role,
  partyId: peerId,
  identity: identityBundle,
  cadre,
  terms,
  tallyId,
  approvedAt: timeMs,
  built: builtDatabase.exactOptional(),
  buildWithinMs: delayMs.exactOptional(),
  requestHash: sha256Text.exactOptional(),
  signature: partySignature.exactOptional(),
})

const refusal: z.ZodType<Refusal> = z.object({
  type: z.literal('ProvisioningResult'),
  approved: z.literal(false),
  code: refusalCode,
  reason,
  retryAfterMs: delayMs.exactOptional(),
  pendingUntil: timeMs.exactOptional(),
  fields: fieldNames.exactOptional(),
})

const databaseResult: z.ZodType<DatabaseResultMessage> = z.object({
  type: z.literal('DatabaseResult'),
  redemptionId: id,
  built: builtDatabase,
  signature: signature.exactOptional(),
  opening: id.exactOptional(),
})

const acknowledgment: z.ZodType<Acknowledgment> = z.object({
  type: z.literal('Acknowledgment'),
  redemptionId: id,
  responseHash: sha256Text,
  signature: signature.exactOptional(),
  opening: id.exactOptional(),
})

const receipt: z.ZodType<Receipt> = z.object({
  type: z.literal('Receipt'),
  redemptionId: id,
  tallyId,
  outcome: z.enum(['confirmed', 'refused']),
  code: refusalCode.exactOptional(),
  reason: reason.exactOptional(),
  signature: partySignature.exactOptional(),
})

const decline: z.ZodType<Decline> = z.object({
  type: z.literal('Decline'),
  secret,
  reason: reason.exactOptional(),
})

const checkpoint: z.ZodType<CheckpointMessage> = z.object({
  type: z.literal('Checkpoint'),
  note: note.exactOptional(),
  proofs: proofs.exactOptional(),
  seen: seen.exactOptional(),
})

/** The schema of each message but ProvisioningResult, which has one for yes and one for no. */
export const MESSAGE_SCHEMAS = {
  Inspect: inspect,
  Offer: offer,
  InboundContact: inboundContact,
  DatabaseResult: databaseResult,
  Acknowledgment: acknowledgment,
  Receipt: receipt,
  Decline: decline,
  Checkpoint: checkpoint,
} as const satisfies Record<Exclude<MessageType, 'ProvisioningResult'>, z.ZodType>

export const PROVISIONING_SCHEMAS: {
  readonly approval: z.ZodType<Approval>
  readonly refusal: z.ZodType<Refusal>
} = { approval, refusal }
