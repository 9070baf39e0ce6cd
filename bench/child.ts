import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** A process of the bench that answers each message with one message. */
export interface Child {
  /** What it said when it was ready. */
  readonly greeting: unknown
  /** @throws Error if it ended instead of answering */
  ask(message: object): Promise<unknown>
  stop(): Promise<void>
}

/** How long a process may take to end after it was told to, ms; then it is made to. */
const END_MS = 10_000

/** Starts a module as a process and waits until it is ready. @param module its path, from this folder or absolute */
export async function startChild(module: string, ...args: string[]): Promise<Child> {
  const child = fork(resolve(import.meta.dirname, module), args, { execArgv: [] })
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
