/** Runs what reads from memory, and so has no steps. */
export function finished<Result>(reading: Generator<never, Result, never>): Result {
  const end = reading.next()
  if (end.done !== true) throw new Error('a step came where there is none')
  return end.value
}

/** A reading of what is at hand. */
export function* known<Value>(value: Value): Generator<never, Value, never> {
  yield* []
  return value
}
