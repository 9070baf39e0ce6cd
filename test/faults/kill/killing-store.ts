import type { SessionSummary, StoreTransaction } from '../../../src/session/ports/store.ts'
import type { Store } from '../../../src/store/transaction/store.ts'
import type { KillSwitch } from './kill-switch.ts'

/** What a transaction is named after, the weightiest first. Anything else is named after its session's state. */
const NAMING = [
  'commit',
  'confirm',
  'delegate',
  'intendProvision',
  'approve',
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
  'settleRemoval',
  'claimRemoval',
  'finishRemoval',
  'failRemoval',
  'setAttempt',
] as const

/**
 * The same store, with a point on both sides of every commit that writes something: `before commit X` when X is
 * written and nothing of it is durable, `after commit X` when it is and nobody has heard.
 */
export function killingStore(store: Store, killer: KillSwitch): Store {
  const transact = <Result>(work: (transaction: StoreTransaction) => Result) => {
    let name: string | undefined
    const { value, durable } = store.transact((transaction) => {
      const { called, watched } = watch(transaction)
      const result = work(watched)
      name = nameOf(called)
      return result
    })
    if (name === undefined) return { value, durable }
    const commit = `commit ${name}`
    killer.at(`before ${commit}`)
    return { value, durable: durable.then(() => killer.at(`after ${commit}`)) }
  }
  return new Proxy(store, {
    get: (target, key) => {
      if (key === 'transact') return transact
      const member: unknown = Reflect.get(target, key, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

interface Called {
  readonly methods: Set<string>
  state: string | undefined
}

function watch(transaction: StoreTransaction) {
  const called: Called = { methods: new Set(), state: undefined }
  const watched = new Proxy(transaction, {
    get: (target, key: keyof StoreTransaction) => {
      const method: unknown = Reflect.get(target, key, target)
      if (typeof method !== 'function') return method
      called.methods.add(key)
      if (key !== 'saveSession' && key !== 'updateSession') return method.bind(target)
      return (summary: SessionSummary) => {
        called.state = summary.state
        target[key](summary)
      }
    },
  })
  return { called, watched }
}

function nameOf({ methods, state }: Called): string | undefined {
  const named = NAMING.find((name) => methods.has(name)) ?? state
  return named ?? ASIDE.find((name) => methods.has(name))
}
