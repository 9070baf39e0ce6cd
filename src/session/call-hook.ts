import type { z } from 'zod'
import type { StepScope } from './step-scope.ts'

/** What became of a hook call, once it is certain that the session still wants to know. */
export interface HookOutcome<Answer> {
  answered(answer: Answer): void
  /** It threw, rejected, or answered what no schema knows. */
  failed(detail: string): void
  /** It answered after its step was over. */
  late?(answer: Answer): void
}

/** Longest part of a foreign error message that is kept. */
const MAX_DETAIL = 200

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
  const settle = (value: unknown): void => {
    const parsed = schema.safeParse(value)
    if (parsed.success) (scope.over ? outcome.late : outcome.answered)?.(parsed.data)
    else if (!scope.over) outcome.failed(`answered what no hook may (${where(parsed.error)})`)
  }
  const fail = (error: unknown): void => {
    if (!scope.over) outcome.failed(describeThrown(error))
  }
  let answer: unknown
  try {
    answer = call()
  } catch (error) {
    fail(error)
    return
  }
  Promise.resolve(answer).then(settle, fail)
}

function where(error: z.ZodError): string {
  const path = error.issues[0]?.path.join('.')
  return path === undefined || path === '' ? 'not of the right shape' : `at ${path}`
}

/** A short sentence about whatever was thrown, without credentials that URLs may carry. */
export function describeThrown(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : typeof error
  return text.replace(/\/\/[^\s/@]*@/g, '//…@').slice(0, MAX_DETAIL)
}
