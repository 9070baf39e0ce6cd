import { createConnection } from 'node:net'
import { z } from 'zod/mini'
import { ControlError } from '../errors.ts'
import { reapReport } from '../reaping/reap-report.ts'
import { settingChange, settingInUse } from '../status/listener-settings.ts'
import { type ListenerStatus, listenerStatus } from '../status/listener-status.ts'
import {
  CONTROL_TIMEOUT_MS,
  CONTROL_VERSION,
  type ControlRequestOf,
  type ControlResults,
  controlAnswer,
  MAX_CONTROL_LINE,
  REAP_TIMEOUT_MS,
} from './control-protocol.ts'
import { controlRefusal } from './control-refusal.ts'

/** Commands that one line answers. */
type OneAnswer = Exclude<keyof ControlResults, 'follow'>

/** The schema of each command's result. */
const RESULTS: { readonly [Name in OneAnswer]: z.ZodMiniType<ControlResults[Name]> } = {
  status: listenerStatus,
  cancel: z.object({ cancelled: z.boolean() }),
  config: z.object({ changes: z.array(settingChange), inUse: z.array(settingInUse) }),
  reap: reapReport,
  drain: z.object({ pid: z.int(), active: z.number(), ms: z.number() }),
}

/**
 * Ask the running listener.
 * @returns undefined if no listener is running on this data directory
 * @throws ControlError if one is, and does not answer as it should; ControlBusyError if it has no place left
 */
export async function askListener<Name extends OneAnswer>(
  socketPath: string,
  command: Name,
  rest: Omit<ControlRequestOf<Name>, 'v' | 'command'>,
): Promise<ControlResults[Name] | undefined> {
  const request = JSON.stringify({ v: CONTROL_VERSION, command, ...rest })
  const timeoutMs = command === 'reap' ? REAP_TIMEOUT_MS : CONTROL_TIMEOUT_MS
  // What takes long is not asked of one that hangs.
  if (command === 'reap') await askListener(socketPath, 'status', {})
  const line = await ask(socketPath, request, timeoutMs)
  return line === undefined ? undefined : resultIn(line, RESULTS[command])
}

/**
 * The running listener's status.
 * @returns undefined if no listener is running on this data directory, or it does not answer
 */
export async function runningStatus(socketPath: string): Promise<ListenerStatus | undefined> {
  try {
    return await askListener(socketPath, 'status', {})
  } catch (error) {
    if (error instanceof ControlError) return undefined
    throw error
  }
}

/** Resolves with the one line of the answer; undefined if nobody is there. */
function ask(path: string, request: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    let isConnected = false
    let text = ''
    const fail = (problem: string): void => {
      socket.destroy()
      reject(new ControlError(problem))
    }
    socket.setEncoding('utf8')
    socket.setTimeout(timeoutMs, () => fail('does not answer'))
    socket.on('error', () => {
      if (isConnected) fail(BROKE_OFF)
      else resolve(undefined)
    })
    socket.on('connect', () => {
      isConnected = true
      socket.write(`${request}\n`)
    })
    socket.on('data', (chunk: string) => {
      text += chunk
      if (text.length > MAX_CONTROL_LINE) fail('answers too much')
    })
    socket.on('end', () => {
      if (text === '') fail(BROKE_OFF)
      socket.destroy()
      resolve(text)
    })
  })
}

/** It may be about to stop; or there are so many clients that it does not even tell them that it is full. */
const BROKE_OFF = 'broke off before it answered'

function resultIn<Result>(line: string, schema: z.ZodMiniType<Result>): Result {
  const answer = controlAnswer(line)
  if (answer === undefined) throw new ControlError('is of another version of taleus')
  if (!answer.ok) throw controlRefusal(answer)
  const result = schema.safeParse(answer.result)
  if (result.success) return result.data
  throw new ControlError('answers what this version of taleus does not know')
}
