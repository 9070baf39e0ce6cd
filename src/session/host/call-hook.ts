import type { z } from 'zod'
import { describeThrown } from './describe-thrown.ts'
import type { StepScope } from './step-scope.ts'

/** What became of a hook call, once it is certain that the session still wants to know. */
export interface HookOutcome<Answer> {
  answered(answer: Answer): void
  /** It threw, rejected, or answered what no schema knows. */
  failed(detail: string): void
  /** It answered after its step was over. */
  late?(answer: Answer): void
  /** It is done, however. Called last; never, if it hangs. */
  over?(): void
}

/**
 * Call a hook so that only its own session can suffer: synchronous throws, rejections with anything,
 * and rubbish answers all come out as `failed`; an answer after the step's end as `late` or not at all.
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

/** A hook answered what no hook may. */
class HookAnswerError extends Error {
  override readonly name = 'HookAnswerError'
  readonly code = 'hook_answer'

  /** @param path of the first thing that does not fit; empty if all of it is something else */
  constructor(path: string) {
    super(`not of the right shape${path === '' ? '' : ` at ${path}`}`)
  }
}
