/** Does the work, and resolves with the error that nobody caught. */
export async function uncaughtFrom(work: () => unknown): Promise<unknown> {
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  try {
    const uncaught = Promise.withResolvers<unknown>()
    process.once('uncaughtException', uncaught.resolve)
    await work()
    return await uncaught.promise
  } finally {
    for (const other of others) process.on('uncaughtException', other)
  }
}
