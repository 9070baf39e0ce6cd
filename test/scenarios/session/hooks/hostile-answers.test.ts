import { expect, it, onTestFinished } from 'vitest'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import { settle, World } from '../../../support/session/world.ts'

/** Answers that do harm when they are looked at, or when they are waited for. */
const HARMFUL: readonly (readonly [string, () => unknown])[] = [
  ['that throws when it is looked at', () => new Proxy({}, traps())],
  ['that throws when it is waited for', () => thenable(() => fail())],
  ['that rejects with what throws', () => Promise.reject(new Proxy(new Error('x'), traps()))],
  ['that is thrown and throws', () => raise(new Proxy({}, traps()))],
  ['that answers twice', () => thenable((yes, no) => [yes(7), no(8), fail()])],
  ['that never ends', () => new Promise(() => undefined)],
  ['with throwing parts', () => Object.defineProperty({}, 'tally', { get: fail })],
  ['without end', () => endless()],
]

const METHODS: readonly (readonly [keyof SessionHooks, string])[] = [
  ['token', 'validate'],
  ['token', 'reserve'],
  ['token', 'release'],
  ['token', 'markUsed'],
  ['identity', 'validate'],
  ['database', 'provision'],
  ['database', 'deprovision'],
  ['database', 'status'],
  ['database', 'verify'],
  ['audit', 'logSession'],
]

const CASES = METHODS.flatMap(([part, method]) =>
  HARMFUL.map(([way, answer]) => ({ part, method, hook: `${part}.${method}`, way, answer })),
)

it.each(CASES)('an answer of $hook $way hurts its own session at most', async (one) => {
  const { part, method, answer } = one
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  onTestFinished(() => void process.off('uncaughtException', note).off('unhandledRejection', note))
  let isWrong = true
  let hooks: SessionHooks | undefined
  const world = new World({
    inviter: {
      hooks: (own) => {
        hooks = own
        const right: unknown = Reflect.get(own[part], method)
        const wrapped = (...all: unknown[]): unknown => {
          if (isWrong) return answer()
          return typeof right === 'function' ? Reflect.apply(right, own[part], all) : true
        }
        return { ...own, [part]: inheriting(own[part], method, wrapped) }
      },
    },
  })
  const link = world.invite({ usesAllowed: null, identityRequirements: ['name'] })
  const unlucky = world.redeem(link, { identity: { name: 'x' } }, world.stranger(1_001))
  await settle(60)
  await world.pass(40_000, 1_000)
  await unlucky
  isWrong = false
  const lucky = world.redeem(link, { identity: { name: 'x' } }, world.stranger(1_002))
  await settle(60)
  await world.pass(3_000, 500)
  expect(hooks).toBeDefined()
  expect((await lucky).completed).toBe(true)
  await world.pass(40_000, 1_000)
  expect(uncaught).toEqual([])
  expect(world.alice.manager.getActiveSessionCounts().total).toBe(0)
})

/** The hook's own methods may use private state: it stays what it is below. */
function inheriting(own: object, method: string, wrapped: (...all: unknown[]) => unknown): object {
  return new Proxy(own, {
    get(target, name) {
      if (name === method) return wrapped
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function traps(): ProxyHandler<object> {
  return { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }
}

function fail(): never {
  throw new Error('looked at')
}

function raise(what: unknown): never {
  throw what
}

function thenable(then: (yes: (value: unknown) => void, no: (value: unknown) => void) => unknown) {
  return { then }
}

function endless(): object {
  const value: Record<string, unknown> = {}
  value['tally'] = value
  value['dbConnectionInfo'] = value
  return value
}
