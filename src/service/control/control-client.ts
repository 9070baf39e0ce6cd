import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod/mini'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { isLocked } from '../../store/directory/process-lock.ts'
import { ControlBusyError, ControlError } from '../errors.ts'
import { reachReport } from '../reach/reach-report.ts'
import { reapReport } from '../reaping/reap-report.ts'
import { settingChange, settingInUse } from '../status/listener-settings.ts'
import { type ListenerStatus, listenerStatus } from '../status/listener-status.ts'
import { relayStatus } from '../status/relay-status.ts'
import {
  CONTROL_PATH,
  CONTROL_TIMEOUT_MS,
  type ControlCommand,
  type ControlRequestOf,
  type ControlResults,
  REAP_TIMEOUT_MS,
} from './control-protocol.ts'
import { NOT_DECIDED } from './decided.ts'
import { jsonBody, textBody } from './message-body.ts'
import { reachSocket } from './reach-socket.ts'

/** Where a listener is found: its socket, and the lock that it holds for as long as it lives. */
export type ListenerPlace = Pick<DataDirectory, 'controlSocket' | 'lockFile'>

/** How soon a listener that did not take a command is asked again, ms. */
const ASK_AGAIN_MS = 100

/** Commands that change nothing. */
const HARMLESS: ReadonlySet<ControlCommand> = new Set([
  'status',
  'relay',
  'reach',
  'sync',
  'follow',
])

/** The listener drops what it has not begun when its client hangs up; what it has begun goes on. */
const MAY_BE_DONE = ' in time; what it was asked for may still be done, see its audit'

const UNHEARD =
  'does not answer: it starts, stops or hangs; or `reap` or `recover` is at work in its place'

/** Commands that one answer ends. */
type OneAnswer = keyof ControlResults

const standing = z.object({ left: z.number(), perMinute: z.number(), retryAfterMs: z.number() })

/** The schema of each command's result. */
const RESULTS: { readonly [Name in OneAnswer]: z.ZodMiniType<ControlResults[Name]> } = {
  status: listenerStatus,
  relay: relayStatus,
  cancel: z.object({ cancelled: z.boolean() }),
  release: z.object({ isReleased: z.boolean() }),
  outdate: z.object({ ended: z.number() }),
  decide: z.object({
    result: z.enum(['approved', 'denied', 'none']),
    why: z.exactOptional(z.enum(NOT_DECIDED)),
    until: z.exactOptional(z.number()),
  }),
  limits: z.object({
    sessions: z.object({ inUse: z.number(), max: z.number() }),
    attempts: standing,
    badSecrets: standing,
  }),
  config: z.object({ changes: z.array(settingChange), inUse: z.array(settingInUse) }),
  reach: reachReport,
  reap: reapReport,
  sync: z.object({ isSought: z.boolean() }),
  drain: z.object({ pid: z.int(), active: z.number(), ms: z.number() }),
}

/**
 * Asks the running listener.
 * @returns undefined if no listener is running on this data directory
 * @throws ControlError if one is, and does not answer as it should; ControlBusyError if it has no place left
 */
export async function askListener<Name extends OneAnswer>(
  place: ListenerPlace,
  command: Name,
  request: ControlRequestOf<Name>,
): Promise<ControlResults[Name] | undefined> {
  const timeoutMs = command === 'reap' ? REAP_TIMEOUT_MS : CONTROL_TIMEOUT_MS
  // Nothing that takes long is asked of a listener that hangs.
  if (command === 'reap') await askListener(place, 'status', {})
  const response = await postCommand(place, command, request, timeoutMs)
  if (response === undefined) return undefined
  const answer = await jsonBody(response).catch((error: unknown) => {
    throw asControlError(error, HARMLESS.has(command) ? '' : MAY_BE_DONE)
  })
  const result = RESULTS[command].safeParse(answer)
  if (result.success) return result.data
  throw new ControlError('answers what this version of taleus does not know')
}

/**
 * The running listener's status.
 * @returns undefined if no listener is running on this data directory, or it does not answer
 */
export async function runningStatus(place: ListenerPlace): Promise<ListenerStatus | undefined> {
  try {
    return await askListener(place, 'status', {})
  } catch (error) {
    if (error instanceof ControlError) return undefined
    throw error
  }
}

/**
 * Posts a command. A listener that is there and does not take it may be just starting or stopping: it is asked again.
 * @returns the beginning of its answer; undefined if nobody is there
 * @throws ControlError, ControlBusyError
 */
export async function postCommand<Name extends ControlCommand>(
  place: ListenerPlace,
  command: Name,
  body: ControlRequestOf<Name>,
  timeout: number,
): Promise<IncomingMessage | undefined> {
  const until = performance.now() + CONTROL_TIMEOUT_MS
  for (;;) {
    const response = await postOnce(place.controlSocket, command, body, timeout)
    if (response !== undefined || !isLocked(place.lockFile)) return response
    if (performance.now() > until) throw new ControlError(UNHEARD)
    await sleep(ASK_AGAIN_MS)
  }
}

/** @returns undefined if nobody takes the connection */
async function postOnce(
  socket: string,
  command: ControlCommand,
  body: unknown,
  timeout: number,
): Promise<IncomingMessage | undefined> {
  // `import` would load `fetch` with it, which costs a cold command 40 ms.
  const { request } = process.getBuiltinModule('node:http')
  const path = `${CONTROL_PATH}${command}`
  if (!existsSync(socket)) return undefined
  const way = reachSocket(socket)
  const left = HARMLESS.has(command) ? '' : MAY_BE_DONE
  return await new Promise<IncomingMessage | undefined>((resolve, reject) => {
    const posted = request({ socketPath: way.path, path, method: 'POST', timeout, agent: false })
    posted.on('close', () => way.close())
    posted.on('timeout', () => posted.destroy(new ControlError(`does not answer${left}`)))
    posted.on('error', (error) => {
      if ('syscall' in error && error.syscall === 'connect') resolve(undefined)
      else reject(asControlError(error, left))
    })
    posted.on('response', (response) => {
      if (response.statusCode === 200) resolve(response)
      else refusal(response).then(reject, (error: unknown) => reject(asControlError(error, left)))
    })
    posted.end(JSON.stringify(body))
  })
}

async function refusal(response: IncomingMessage): Promise<ControlError> {
  const why = await textBody(response)
  return response.statusCode === 503
    ? new ControlBusyError(why)
    : new ControlError(`refuses: ${why}`)
}

function asControlError(error: unknown, left: string): ControlError {
  if (error instanceof ControlError) return error
  const isOtherProtocol = String(Object(error).code).startsWith('HPE_')
  // It may be about to stop; or there are so many clients that it does not even tell them that it is full.
  return new ControlError(
    isOtherProtocol ? 'is of another version of taleus' : `broke off before it answered${left}`,
  )
}
