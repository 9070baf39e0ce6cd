import type { Submitted, Urgency, Work } from '../../../src/session/ports/work.ts'
import type { Store } from '../../../src/store/transaction/store.ts'
import type { KillSwitch } from './kill-switch.ts'

/** What a piece of work is named after, the weightiest first. Anything else is named after its session's state. */
const NAMING = [
  'commit',
  'confirm',
  'delegate',
  'intendProvision',
  'approve',
  'keepRequest',
  'approveRequest',
  'denyRequest',
  'reserve',
  'release',
  'decline',
  'confirmTally',
  'discardTally',
  'keepTally',
  'beginAttempt',
] as const

/** What is named so only if it moves no session. */
const ASIDE = [
  'oweRemoval',
  'withdrawRemoval',
  'claimRemoval',
  'finishRemoval',
  'failRemoval',
  'endAttempt',
] as const

/**
 * The same store, with a point on both sides of every commit that writes something: `before commit X` when X is
 * written and nothing of it is durable, `after commit X` when it is and nobody has heard.
 */
export function killingStore(store: Store, killer: KillSwitch): Store {
  const submit = (work: Work, urgency?: Urgency): Submitted => {
    const { outcome, durable } = store.submit(work, urgency)
    const name = nameOf(work)
    if (name === undefined) return { outcome, durable }
    const commit = `commit ${name}`
    killer.at(`before ${commit}`)
    const heard = Promise.all([outcome, durable]).then(([{ kind }]) => {
      if (kind === 'applied') killer.at(`after ${commit}`)
    })
    // Whoever does not wait for it must not turn it into an unhandled rejection.
    heard.catch(() => undefined)
    return { outcome, durable: heard }
  }
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'submit') return submit
      const member: unknown = Reflect.get(target, key, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

function nameOf(work: Work): string | undefined {
  const ops: ReadonlySet<string> = new Set(work.map(({ op }) => op))
  const saved = work.find((write) => write.op === 'saveSession')
  const named = NAMING.find((name) => ops.has(name)) ?? saved?.summary.state
  return named ?? ASIDE.find((name) => ops.has(name))
}
