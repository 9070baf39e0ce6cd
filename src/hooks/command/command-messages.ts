import { z } from 'zod'
import { parseUniqueJson } from '../../protocol/json/unique-json.ts'
import { HookCommandError } from './errors.ts'

/** The version of what a command is told and answers. */
const COMMAND_VERSION = 1

/** The question which hooks a command answers: asked once, at the start. */
export const WHICH_HOOKS = 'hooks'

/** The hooks that a command can answer. */
export const COMMAND_HOOKS = [
  'token.validate',
  'token.reserve',
  'token.markUsed',
  'token.release',
  'identity.validate',
  'database.provision',
  'database.deprovision',
  'database.status',
  'database.verify',
  'audit.logSession',
] as const

export type CommandHook = (typeof COMMAND_HOOKS)[number]

/** A command's question. Its members follow those that all questions have. */
export interface CommandQuestion extends Readonly<Record<string, unknown>> {
  readonly hook: CommandHook | typeof WHICH_HOOKS
  readonly context?: object
}

/** Bytes that a command may answer: terms, the longest part of an answer, have 8 KiB. */
export const MAX_COMMAND_ANSWER_BYTES = 65_536

/** Characters of a command's own account of its failure that are kept. */
const MAX_SAID = 512

const version = z.literal(COMMAND_VERSION)

const commandAnswer = z.union([
  z.strictObject({ v: version, usual: z.literal(true) }),
  z.strictObject({
    v: version,
    error: z.string().max(MAX_SAID),
    code: z.enum(['database_unreachable', 'database_setup']).optional(),
  }),
  z.strictObject({ v: version, answer: z.json().optional() }),
])

const whichHooks = z.array(z.enum(COMMAND_HOOKS)).min(1).max(COMMAND_HOOKS.length)

/** The end of a command's work. */
export type CommandAnswer =
  | { readonly kind: 'usual' }
  | { readonly kind: 'answer'; readonly answer: unknown }

/** Writes a question as a command reads it: one line of JSON. */
export function commandInput({ hook, context, ...more }: CommandQuestion): string {
  return `${JSON.stringify({ v: COMMAND_VERSION, hook, ...more, context })}\n`
}

/** Reads what a command wrote to stdout. @throws HookCommandError, also for a command that says that it failed */
export function parseCommandAnswer(stdout: Uint8Array): CommandAnswer {
  const parsed = commandAnswer.safeParse(jsonIn(stdout))
  if (!parsed.success)
    throw new HookCommandError(
      'its answer must be {"v":1,"answer":…}, {"v":1,"usual":true} or {"v":1,"error":"…"}',
      { problem: 'no_answer' },
    )
  const said = parsed.data
  if ('usual' in said) return { kind: 'usual' }
  if ('error' in said) {
    const { error, code = 'hook_command' } = said
    throw new HookCommandError(error, { problem: 'said_so', code })
  }
  return { kind: 'answer', answer: said.answer ?? undefined }
}

/** Reads a command's answer to the question which hooks it has. @throws HookCommandError */
export function parseWhichHooks(stdout: Uint8Array): readonly CommandHook[] {
  const said = parseCommandAnswer(stdout)
  const parsed = whichHooks.safeParse(said.kind === 'answer' ? said.answer : undefined)
  if (parsed.success) return parsed.data
  throw new HookCommandError(
    `asked for its hooks it must answer {"v":1,"answer":[…]} with some of: ${COMMAND_HOOKS.join(', ')}`,
    { problem: 'no_answer' },
  )
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** @throws HookCommandError */
function jsonIn(stdout: Uint8Array): unknown {
  if (stdout.length === 0)
    throw new HookCommandError('it answered nothing', { problem: 'no_answer' })
  try {
    return parseUniqueJson(decoder.decode(stdout))
  } catch (cause) {
    throw new HookCommandError('its answer is no JSON document in UTF-8', {
      problem: 'no_answer',
      cause,
    })
  }
}
