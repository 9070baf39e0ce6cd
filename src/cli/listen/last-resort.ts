import { exitWithError } from '../failure/exit-with-error.ts'

/**
 * For errors that nothing caught: nobody foresaw what state this process is in now. It writes that down, says it like
 * any other error, and ends. What was promised to anybody is in the store.
 * @param record must settle in bounded time
 * @returns stops watching
 */
export function watchLastResort(record: (error: unknown) => Promise<void>): () => void {
  let isOver = false
  const end = (error: unknown): void => {
    // What goes wrong on the way out changes nothing.
    if (isOver) return
    isOver = true
    const leave = (): never => exitWithError(error, process.argv)
    void record(error).then(leave, leave)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
  return () => {
    process.off('uncaughtException', end)
    process.off('unhandledRejection', end)
  }
}
