import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A process of a siege that answers each message with one message. */
export interface Child {
  /** What it said when it was ready. */
  readonly greeting: unknown
  /** @throws Error if it ended instead of answering */
  ask(message: object): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a module of this folder as a process of its own, so that it does not share the event loop of others. */
export async function startChild(module: string, ...args: string[]): Promise<Child> {
  const child = fork(join(import.meta.dirname, module), args, { execArgv: [] })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await ended
  }
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
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
    stop,
  }
}
