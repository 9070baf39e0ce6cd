import type { ProcessEnvironment } from '../../hooks/command/program-environment.ts'
import { ownHooksProblem } from '../../hooks/own/check-own-hooks.ts'
import { HookCommandRefusedError } from '../../hooks/own/errors.ts'
import type { OwnHooks } from '../../hooks/own/hook-module.ts'
import { HookNotes } from '../../hooks/own/hook-notes.ts'
import { bothOwnHooks, plainHooks } from '../../hooks/own/with-own-hooks.ts'
import type { SessionHooks } from '../../hooks/session-hooks.ts'

/** How long hooks may take to close, ms: the process is to end. */
const CLOSE_MS = 2_000

/** The sources of a host's own hooks. */
export interface OwnHookSources {
  /** Absolute path of a module. */
  readonly module?: string | undefined
  /** A program and its arguments. */
  readonly command?: readonly string[] | undefined
}

export interface OwnHooksInit extends OwnHookSources {
  readonly dataDirectory: string
  readonly environment: ProcessEnvironment
  /** Used for what is left out. */
  readonly usual: SessionHooks
}

/** A host's own hooks, ready to be called. */
export interface OpenedHooks {
  readonly own: OwnHooks
  readonly notes: HookNotes
  /** Tells the hooks that the process ends, and waits for them for a while. Idempotent; never rejects. */
  close(): Promise<void>
}

/** Loads and checks a host's own hooks. @throws HookModuleError, HookCommandRefusedError, HookTwiceError */
export async function openOwnHooks(init: OwnHooksInit): Promise<OpenedHooks> {
  const notes = new HookNotes()
  const ending = new AbortController()
  const ofModule = await moduleHooks(init, notes, ending.signal)
  const ofCommand = await commandHooksOf(init, notes)
  const own = bothOwnHooks(ofModule, ofCommand)
  if (own.database?.provision !== undefined && own.database.deprovision === undefined)
    notes.say('without `database.deprovision` databases of bootstraps that came to nothing stay')
  return { own, notes, close: closing(own, ending) }
}

async function moduleHooks(
  { module, dataDirectory, usual }: OwnHooksInit,
  notes: HookNotes,
  signal: AbortSignal,
): Promise<OwnHooks> {
  if (module === undefined) return {}
  const { loadHookModule } = await import('../../hooks/own/load-hook-module.ts')
  const log = (text: string): void => notes.say(String(text))
  return plainHooks(await loadHookModule(module, { dataDirectory, signal, usual, log }))
}

async function commandHooksOf(
  { command: words, environment, usual }: OwnHooksInit,
  notes: HookNotes,
): Promise<OwnHooks> {
  if (words === undefined) return {}
  const { HookCommand } = await import('../../hooks/command/hook-command.ts')
  const { commandHooks } = await import('../../hooks/command/command-hooks.ts')
  const command = new HookCommand({ words, environment, notes })
  try {
    const own = await commandHooks(command, usual)
    const problem = ownHooksProblem(own)
    if (problem === undefined) return own
    throw new TypeError(`what it answers ${problem}`)
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new HookCommandRefusedError(problem, { words, cause })
  }
}

function closing(own: OwnHooks, ending: AbortController): () => Promise<void> {
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    ending.abort(new Error('the process is about to end'))
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, CLOSE_MS)
    // What it throws changes nothing any more.
    const work = (async () => await own.close?.())().catch(() => undefined)
    await Promise.race([work, late])
    clearTimeout(timer)
  }
  return () => {
    closed ??= close()
    return closed
  }
}
