import { createConnection } from 'node:net'
import { z } from 'zod/mini'
import {
  CONTROL_TIMEOUT_MS,
  type ControlAnswer,
  type ControlRequest,
  type ListenerStatus,
  MAX_CONTROL_LINE,
} from './control-protocol.ts'

/**
 * The running listener's status.
 * @returns undefined if no listener is running on this data directory, or it does not answer
 */
export async function listenerStatus(socketPath: string): Promise<ListenerStatus | undefined> {
  const answer = await ask(socketPath, { command: 'status' })
  return answer?.ok === true && 'status' in answer ? answer.status : undefined
}

/**
 * End a session that the running listener has under way.
 * @returns undefined if no listener is running; false if it has no such session
 */
export async function cancelSession(
  socketPath: string,
  sessionId: string,
): Promise<boolean | undefined> {
  const answer = await ask(socketPath, { command: 'cancel', sessionId })
  return answer?.ok === true && 'cancelled' in answer ? answer.cancelled : undefined
}

function ask(path: string, request: ControlRequest): Promise<ControlAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    let text = ''
    const finish = (answer: ControlAnswer | undefined): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setEncoding('utf8')
    socket.setTimeout(CONTROL_TIMEOUT_MS, () => finish(undefined))
    socket.on('error', () => finish(undefined))
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.length > MAX_CONTROL_LINE) finish(undefined)
    })
    socket.on('end', () => finish(parse(text)))
  })
}

function parse(text: string): ControlAnswer | undefined {
  try {
    return answer.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

const answer = z.union([
  z.object({ ok: z.literal(false), error: z.string() }),
  z.object({ ok: z.literal(true), cancelled: z.boolean() }),
  z.object({
    ok: z.literal(true),
    status: z.object({
      pid: z.number(),
      peerId: z.string(),
      addresses: z.array(z.string()),
      startedAt: z.number(),
      sessions: z.object({ listener: z.number(), dialer: z.number(), total: z.number() }),
      draining: z.boolean(),
    }),
  }),
])
