import type { z } from 'zod'
import { describeThrown } from './describe-thrown.ts'
import type { StepScope } from './step-scope.ts'

/** A hook call that a session waits for. */
export interface WaitedHook {
  /** As its host knows it, e.g. `token.validate`. */
  readonly name: string
  readonly scope: StepScope
  /** Tells the host that its hook failed. */
  readonly complain: (hook: string, detail: string) => void
}

/** The shape that an answer must have. */
export interface AnswerSchema<Answer> {
  safeParse(answer: unknown): z.ZodSafeParseResult<Answer>
}

/** The callbacks for the result of a hook call. */
export interface HookOutcome<Answer> {
  /** It answered in time. */
  answered(answer: Answer): void
  /** It threw, rejected, or its answer does not fit the schema. */
  failed(detail: string, error: unknown): void
  /** It answered after its step was over. */
  late?(answer: Answer): void
  /** It has settled, in whatever way. Called last; never, if it hangs. */
  over?(): void
}

/**
 * Calls a hook so that only its own session can suffer: a synchronous throw, a rejection with anything and an answer
 * that does not fit all come out as `failed`; an answer after the step's end as `late`, or not at all. The host is told
 * of each failure, and of a hook that had not answered when the time of its step was over.
 */
export function callHook<Answer>(
  hook: WaitedHook,
  schema: AnswerSchema<Answer>,
  call: () => unknown,
  outcome: HookOutcome<Answer>,
): void {
  const { name, scope, complain } = hook
  const forget = scope.onDeadline(() => complain(name, 'no answer in time'))
  void settle(hook, begun(call), forget, schema, outcome)
}

/** Makes a rejection of a synchronous throw: nobody is told anything before the caller has gone on. */
function begun(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return Promise.reject(error)
  }
}

/** One function that waits once, instead of a chain of promises. */
async function settle<Answer>(
  { name, scope, complain }: WaitedHook,
  answer: unknown,
  forget: () => void,
  schema: AnswerSchema<Answer>,
  outcome: HookOutcome<Answer>,
): Promise<void> {
  try {
    const fit = checked(schema, await answer)
    forget()
    const tell = scope.over ? outcome.late : outcome.answered
    tell?.(fit)
  } catch (error) {
    forget()
    if (scope.over) return
    const detail = describeThrown(error)
    complain(name, detail)
    outcome.failed(detail, error)
  } finally {
    outcome.over?.()
  }
}

function checked<Answer>(schema: AnswerSchema<Answer>, answer: unknown): Answer {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HookAnswerError(issue?.path.join('.') ?? '', issue?.message ?? '')
}

/** A hook's answer is not what it must be. */
export class HookAnswerError extends Error {
  override readonly name = 'HookAnswerError'
  readonly code = 'hook_answer'

  /**
   * @param field the path of the first member that does not fit; empty for the whole answer
   * @param problem without the value itself
   */
  constructor(field: string, problem: string) {
    super(`wrong answer${field === '' ? '' : `, ${field}`}: ${problem}`)
  }
}
