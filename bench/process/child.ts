import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'

/** A process of the bench, seen from its parent: it answers each message with one message. */
export interface Child {
  /** Its first message, sent when it was ready. */
  readonly greeting: unknown
  /** @throws Error if it ended instead of answering */
  ask(message: object): Promise<unknown>
  stop(): Promise<void>
}

const BENCH = join(import.meta.dirname, '..')

/** Time that a process has to end after it was told to, ms; then it is killed. */
const END_MS = 10_000

/** Starts a module as a process and waits until it is ready. @param module its path, from `bench` or absolute */
export async function startChild(module: string, ...args: string[]): Promise<Child> {
  const child = fork(resolve(BENCH, module), args, { execArgv: [] })
  const ended = once(child, 'exit')
  const answer = async (): Promise<unknown> => {
    const given = once(child, 'message').then(([message]: unknown[]) => ({ message }))
    const first = await Promise.race([given, ended])
    if ('message' in first) return first.message
    throw new Error(`${module} ended before it answered`)
  }
  return {
    greeting: await answer(),
    async ask(message) {
      child.send(message)
      return await answer()
    },
    async stop() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/**
 * The child's end: greets its parent, answers each of its questions, and ends with it, or with code 1 at the first
 * answer that fails.
 */
export function serve<Question>(
  greeting: unknown,
  answer: (question: Question) => unknown,
  close: () => Promise<void> = async () => undefined,
): void {
  process.on('message', async (question: Question) => {
    try {
      process.send?.(await answer(question))
    } catch (error) {
      console.error(error)
      process.exitCode = 1
      process.disconnect()
    }
  })
  process.on('disconnect', () => void close().finally(() => setImmediate(() => process.exit())))
  process.send?.(greeting)
}
