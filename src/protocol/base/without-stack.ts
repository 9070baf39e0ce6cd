/**
 * Runs synchronous work whose errors carry no stack. Node's `createPublicKey` and its like find out the kind of
 * their input by errors that they throw and catch themselves; gathering the stack for those takes some 15 µs, longer than
 * the work.
 */
export function withoutStack<Result>(work: () => Result): Result {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
