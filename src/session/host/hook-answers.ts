import { z } from 'zod'
import { REFUSAL_CODES } from '../../protocol/message/messages.ts'

// The schemas of hooks' answers. A host's code is as fallible as a peer: an answer that does not fit is a failed hook.

const jsonText = 8_192

const hookRefusal = z.object({
  refused: z.enum(REFUSAL_CODES),
  reason: z.string().max(512).optional(),
  fields: z.array(z.string().max(64)).max(32).optional(),
})

const tokenInfo = z.object({
  // An answer with this member is a refusal, whatever else it says.
  refused: z.undefined().exactOptional(),
  tokenId: z.string().min(1).max(64),
  initiatorRole: z.enum(['stock', 'foil']),
  expiryUtc: z.iso.datetime({ offset: true }),
  identityRequirements: z.array(z.string().min(1).max(64)).max(32),
  identityOptional: z.array(z.string().min(1).max(64)).max(32).optional(),
  usesAllowed: z.int().positive().nullable(),
  terms: z
    .json()
    .optional()
    .refine((terms) => terms === undefined || JSON.stringify(terms).length <= jsonText),
  label: z.string().optional(),
})

export const databaseAnswer = z.object({
  tally: z.object({
    tallyId: z.string().min(1).max(128),
    createdBy: z.enum(['stock', 'foil']),
  }),
  dbConnectionInfo: z.object({
    engine: z.string().min(1).max(64).default('unknown'),
    endpoint: z.string().min(1).max(1_024),
    credentialsRef: z.string().max(256),
  }),
})

// The usual answer first: finding out what is wrong with it costs more than all the rest.
export const tokenAnswer = z.union([tokenInfo, hookRefusal])
export const identityAnswer = z.union([z.boolean(), hookRefusal])
export const verifyAnswer = z.union([z.boolean(), hookRefusal])
export const reserveAnswer = z.union([z.literal(true), hookRefusal])
