import type { z } from 'zod'
import { describeThrown } from './describe-thrown.ts'
import type { StepScope } from './step-scope.ts'

/** The callbacks for the result of a hook call. */
export interface HookOutcome<Answer> {
  /** It answered in time. */
  answered(answer: Answer): void
  /** It threw, rejected, or its answer does not fit the schema. */
  failed(detail: string): void
  /** It answered after its step was over. */
  late?(answer: Answer): void
  /** It has settled, in whatever way. Called last; never, if it hangs. */
  over?(): void
}

/**
 * Calls a hook so that only its own session can suffer: a synchronous throw, a rejection with anything and an answer
 * that does not fit all come out as `failed`; an answer after the step's end as `late`, or not at all.
 */
export function callHook<Answer>(
  scope: StepScope,
  schema: z.ZodType<Answer>,
  call: () => unknown,
  outcome: HookOutcome<Answer>,
): void {
  asked(schema, call)
    .then((answer) => (scope.over ? outcome.late : outcome.answered)?.(answer))
    .catch((error: unknown) => {
      if (!scope.over) outcome.failed(describeThrown(error))
    })
    .finally(() => outcome.over?.())
}

async function asked<Answer>(schema: z.ZodType<Answer>, call: () => unknown): Promise<Answer> {
  const parsed = schema.safeParse(await call())
  if (parsed.success) return parsed.data
  throw new HookAnswerError(parsed.error.issues[0]?.path.join('.') ?? '')
}

/** A hook's answer does not fit its schema. */
class HookAnswerError extends Error {
  override readonly name = 'HookAnswerError'
  readonly code = 'hook_answer'

  /** @param path of the first member that does not fit; empty for the whole answer */
  constructor(path: string) {
    super(`not of the right shape${path === '' ? '' : ` at ${path}`}`)
  }
}
