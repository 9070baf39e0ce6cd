import { StoredTokens } from '../../../src/hooks/file/stored-tokens.ts'
import { requiredFields } from '../../../src/hooks/required-fields.ts'
import type { HookContext, SessionHooks } from '../../../src/hooks/session-hooks.ts'
import type { Clock } from '../../../src/session/ports/clock.ts'
import type { Chaos, HookFate } from '../chaos.ts'
import type { DatabaseServer } from './database-server.ts'
import { type Life, never } from './life.ts'
import type { Random } from './random.ts'
import type { NodeDisk, OpenedStore } from './server/node-disk.ts'
import { WORLD } from './timeline.ts'
import type { Trace } from './trace.ts'

/** Later than any deadline of a step. */
const LATE_MS = 14_000

export interface HostInit {
  readonly store: OpenedStore['records']
  readonly disk: NodeDisk
  readonly life: Life
  /** Of which the highest time counts. */
  readonly clock: Clock
  readonly server: DatabaseServer
  readonly chaos: Chaos
  readonly random: Random
  readonly trace: Trace
}

/** The default hooks over the real store, and a database server behind a network: slow, failing, late. */
export function hostHooks(init: HostInit): SessionHooks {
  const { store, disk, life, clock, server } = init
  const tokens = new StoredTokens(store, () => clock.now())
  const call = caller(init)
  const local = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    if (!life.alive) return never()
    disk.yieldTo(life)
    return work()
  }
  return {
    token: {
      validate: (token, context) =>
        call('validate', context, () => local(() => tokens.validate(token, context))),
      markUsed: (tokenId, sessionId, context) =>
        call('markUsed', context, () => local(() => tokens.markUsed(tokenId, sessionId))),
    },
    identity: {
      validate: (bundle, required, context) =>
        call('identity', context, () => requiredFields.validate(bundle, required, context)),
    },
    database: {
      provision: (createdBy, initiator, respondent, _sessionId, context) =>
        call('provision', context, () => {
          const { tallyId } = context
          const draft = context.draftFor(tallyId)
          return server.build({ tallyId, createdBy, initiator, respondent, draft })
        }),
      deprovision: (tallyId, context) => call('deprovision', context, () => server.remove(tallyId)),
      status: (tallyId, context) => call('status', context, () => server.status(tallyId)),
      verify: (built, context) =>
        call('verify', context, () => built.database.engine === 'automerge'),
    },
    audit: {
      logSession: () => {
        const fate = init.chaos.hook('logSession')
        if (fate === 'throws') throw new Error('the audit hook is broken')
        return fate === 'hangs' ? never() : undefined
      },
    },
  }
}

type Call = <Answer>(
  name: string,
  context: HookContext,
  work: () => Answer | Promise<Answer>,
) => Promise<Answer>

/** Work on another machine, which does not hear of every change of mind of ours. */
const ELSEWHERE = new Set(['provision'])

/** A request, the work at the other end, and an answer, each in its own time. */
function caller(init: HostInit): Call {
  const { life, chaos, random, trace } = init
  return async (name, context, work) => {
    if (!life.survives(`before ${name}`)) return never()
    const fate = chaos.hook(name)
    trace.say(() => `${life.name}: ${name} is called${fate === 'well' ? '' : `  [${fate}]`}`)
    if (fate === 'throws') throw new Error(`${name} is broken`)
    if (fate === 'rubbish' && !WORDLESS.has(name)) return rubbish()
    const answer = await worked(init, name, fate, context.signal, work)
    if (!life.survives(`after ${name}`) || fate === 'hangs') return never()
    await life.sleep(quickly(random))
    if (fate === 'throws late') throw new Error(`${name} broke in the end`)
    return answer
  }
}

/** Well within every deadline, and now and then long enough for something to happen meanwhile. */
function quickly(random: Random): number {
  return random.between(0, random.chance(0.1) ? 1_500 : 30)
}

/** Hooks that answer nothing. */
const WORDLESS = new Set(['markUsed', 'deprovision'])

/** What was asked for is done, unless whoever asked has thought better of it, or is dead. */
function worked<Answer>(
  { life, random }: HostInit,
  name: string,
  fate: HookFate,
  signal: AbortSignal,
  work: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const isStubborn = ELSEWHERE.has(name) && random.chance(0.5)
  const isSlow = fate === 'late'
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const ms = isSlow ? random.between(LATE_MS, 2 * LATE_MS) : quickly(random)
  life.timeline.after(ms, WORLD, () => {
    if (!life.alive && (isSlow || !isStubborn)) return
    if (signal.aborted && !isStubborn) reject(signal.reason)
    else new Promise<Answer>((settle) => settle(work())).then(resolve, reject)
  })
  return promise
}

/** What no schema knows. The type says that a hook never answers so; hooks do. */
function rubbish<Answer>(): Answer {
  return { nothing: 'of the kind' } as Answer
}
