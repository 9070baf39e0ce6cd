import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A process of the bench that answers each message with one message. */
export interface Child {
  /** What it said when it was ready. */
  readonly greeting: unknown
  /** @throws Error if it ended instead of answering */
  ask(message: object): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a module of this folder as a process and waits until it is ready. */
export async function startChild(module: string, ...args: string[]): Promise<Child> {
  const child = fork(join(import.meta.dirname, module), args)
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
      await ended
    },
  }
}
