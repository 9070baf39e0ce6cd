import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { createFileHooks, type FileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import type { MemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import type { DatabaseHook, SessionHooks } from '../../../src/hooks/session-hooks.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { holdToken, type TokenToHold } from '../file-hooks.ts'
import { ownHooksIn, writeCommand, writeModule } from '../own-hooks.ts'

/** Ways in which a hook fails, or nearly. */
export type HookFault = 'slow' | 'late' | 'throwing' | 'rubbish' | 'dies'

/** Hooks of one kind, of which one at a time can be made to fail. */
export interface FaultyHooks {
  /** Called once, with the hooks in memory of the party whose hooks these are to be. */
  over(own: MemoryHooks, now: () => number): SessionHooks
  /** Databases of a partner, who builds what these take, and takes what these build. @default those in memory */
  readonly partner?: DatabaseHook
  /** Puts an invitation where these hooks look for it, if that is not where those in memory do. */
  hold?(token: TokenToHold): Promise<void>
  fail(hook: string, how: HookFault): void
  mend(): void
  /** How many calls have met the fault. */
  readonly met: number
  /** True if nothing of these calls is under way any more. */
  readonly isQuiet: boolean
  /** True if the hook was told of a use; undefined if this kind need not be. */
  readonly wasTold: boolean | undefined
}

export type MakeFaultyHooks = () => Promise<FaultyHooks>

/** A fault in this process, met by hooks that are called here. */
class FaultHere {
  fault: { readonly hook: string; readonly how: HookFault } | undefined
  met = 0
  under = 0
  told = false

  wrap(hooks: SessionHooks): SessionHooks {
    const { token, identity, database, audit } = hooks
    return {
      token: this.#each('token', token),
      identity: this.#each('identity', identity),
      database: this.#each('database', database),
      audit: this.#each('audit', audit),
    }
  }

  /** The hook's own functions may use private state: it stays what it is below. */
  #each<Hook extends object>(part: string, hook: Hook): Hook {
    return new Proxy(hook, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        const work = (...all: readonly unknown[]): unknown => Reflect.apply(value, target, all)
        return (...all: readonly unknown[]) => this.#call(`${part}.${String(name)}`, work, all)
      },
    })
  }

  #call(hook: string, work: (...all: readonly unknown[]) => unknown, all: readonly unknown[]) {
    if (hook === 'token.markUsed' && this.fault?.hook !== hook) this.told = true
    if (this.fault?.hook !== hook) return work(...all)
    this.met += 1
    this.under += 1
    return failing(this.fault.how, work, all).finally(() => {
      this.under -= 1
    })
  }
}

async function failing(
  how: HookFault,
  work: (...all: readonly unknown[]) => unknown,
  all: readonly unknown[],
): Promise<unknown> {
  if (how === 'throwing') throw new Error('broken on purpose')
  if (how === 'rubbish') return { no: 'sense' }
  if (how === 'slow') await sleep(30)
  if (how === 'late') await aborted(all)
  const answer = await work(...all)
  if (how === 'dies') throw new Error('gone before it answered')
  return answer
}

/** Hangs until the hook's signal is aborted. */
function aborted(all: readonly unknown[]): Promise<never> {
  const { signal } = Object(all.at(-1)) as { readonly signal?: AbortSignal }
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function hereKind(
  over: (own: MemoryHooks, now: () => number) => SessionHooks,
  more: Pick<FaultyHooks, 'hold'> = {},
  mustBeTold = true,
): FaultyHooks {
  const here = new FaultHere()
  return {
    ...more,
    over: (own, now) => here.wrap(over(own, now)),
    fail: (hook, how) => {
      here.fault = { hook, how }
    },
    mend: () => {
      here.fault = undefined
    },
    get met() {
      return here.met
    },
    get isQuiet() {
      return here.under === 0
    },
    get wasTold() {
      return mustBeTold ? here.told : undefined
    },
  }
}

export const memoryKind: MakeFaultyHooks = async () => hereKind((own) => own)

/** Hooks that keep things in files, in a directory of the test's. */
async function filesFor(now: () => number) {
  const directory = await temporaryDirectory()
  const store = openMemoryStore()
  const usual = createFileHooks({ store, eventFile: join(directory, 'events.jsonl'), now })
  onTestFinished(() => {
    usual.audit.flush()
    store.close()
  })
  return { directory, store, usual }
}

export const fileKind: MakeFaultyHooks = async () => {
  let clock: (() => number) | undefined
  const { store, usual } = await filesFor(() => clock?.() ?? 0)
  const over = (_own: MemoryHooks, now: () => number): SessionHooks => {
    clock = now
    return usual
  }
  return hereKind(over, { hold: (token) => holdToken(store, token) }, false)
}

const FOLDER_PARTNER: DatabaseHook = {
  provision: async (createdBy, _inviter, _invitee, _session, { tallyId }) => {
    const endpoint = `folder:${tallyId}`
    const dbConnectionInfo = { engine: 'folder', endpoint, credentialsRef: 'none' }
    return { tally: { tallyId, createdBy }, dbConnectionInfo }
  },
  deprovision: async () => undefined,
  verify: async ({ database }) => database.engine === 'folder',
}

/** The fault stands in a file, which the host's own hooks read at each call. */
function ownKind(
  lay: (directory: string, usual: FileHooks) => Promise<SessionHooks>,
): MakeFaultyHooks {
  return async () => {
    let clock: (() => number) | undefined
    const { directory, store, usual } = await filesFor(() => clock?.() ?? 0)
    const hooks = await lay(directory, usual)
    const [fault, called] = [join(directory, 'fault'), join(directory, 'called')]
    const calls = () => (existsSync(called) ? readFileSync(called, 'utf8').trim().split('\n') : [])
    return {
      over: (_own, now) => {
        clock = now
        return hooks
      },
      partner: FOLDER_PARTNER,
      hold: (token) => holdToken(store, token),
      fail: (hook, how) => writeFileSync(fault, `${hook} ${how}\n`),
      mend: () => rmSync(fault, { force: true }),
      get met() {
        return calls().length
      },
      get isQuiet() {
        return calls().every((process) => !isAlive(Number(process)))
      },
      get wasTold() {
        return existsSync(join(directory, 'used'))
      },
    }
  }
}

/** A module notes no number: it runs in this process. */
function isAlive(process: number): boolean {
  if (Number.isNaN(process)) return false
  return existsSync(`/proc/${process}`)
}

export const moduleKind = ownKind((directory, usual) => ownHooksIn(directory, usual, writeModule))

export const commandKind = ownKind((directory, usual) => ownHooksIn(directory, usual, writeCommand))
