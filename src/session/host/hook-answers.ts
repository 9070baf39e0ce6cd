import { z } from 'zod'
import type { HookRefusal } from '../../hooks/session-hooks.ts'
import { REFUSAL_CODES } from '../../protocol/message/messages.ts'
import type { AnswerSchema } from './call-hook.ts'

// The schemas of hooks' answers. A host's code is as fallible as a peer: an answer that does not fit is a failed hook.

const jsonText = 8_192

const hookRefusal = z.object({
  refused: z.enum(REFUSAL_CODES),
  reason: z.string().max(512).optional(),
  fields: z.array(z.string().max(64)).max(32).optional(),
})

const tokenInfo = z.object({
  tokenId: z.string().min(1).max(64).optional(),
  initiatorRole: z.enum(['stock', 'foil']),
  expiryUtc: z.iso.datetime({ offset: true }),
  identityRequirements: z.array(z.string().min(1).max(64)).max(32).nullish(),
  identityOptional: z.array(z.string().min(1).max(64)).max(32).optional(),
  usesAllowed: z.int().positive().nullable().optional(),
  secretHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  terms: z
    .json()
    .optional()
    .refine((terms) => terms === undefined || JSON.stringify(terms).length <= jsonText),
  byHand: z.boolean().optional(),
  label: z.string().optional(),
  revision: z.int().min(0).optional(),
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
    secret: z.string().min(1).max(256).exactOptional(),
  }),
})

/** An answer of that shape, or a refusal. One with a member `refused` is a refusal, whatever else it says. */
function orRefusal<Answer>(usual: z.ZodType<Answer>): AnswerSchema<Answer | HookRefusal> {
  return {
    safeParse: (answer) =>
      isRefusing(answer) ? hookRefusal.safeParse(answer) : usual.safeParse(answer),
  }
}

function isRefusing(answer: unknown): boolean {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'refused' in answer &&
    answer.refused !== undefined
  )
}

const known = orRefusal(tokenInfo)
/** Nothing at all is the answer of a host that finds no such token. */
export const tokenAnswer: typeof known = {
  safeParse: (answer) => known.safeParse(answer ?? { refused: 'invalid_token' }),
}
export const identityAnswer = orRefusal(z.boolean())
export const verifyAnswer = orRefusal(z.boolean())
export const reserveAnswer = orRefusal(z.literal(true))
