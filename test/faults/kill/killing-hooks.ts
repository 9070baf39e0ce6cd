import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import type { KillSwitch } from './kill-switch.ts'

/** The same hooks, with a point on both sides of every call: `before token.validate`, … */
export function killingHooks<Hooks extends SessionHooks>(hooks: Hooks, killer: KillSwitch): Hooks {
  const wrapped = Object.entries(hooks).map(([name, part]) => [name, killing(name, part, killer)])
  return { ...hooks, ...Object.fromEntries(wrapped) }
}

function killing(name: string, part: object, killer: KillSwitch): object {
  return new Proxy(part, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      return (...given: unknown[]) => {
        const point = `${name}.${String(key)}`
        killer.at(`before ${point}`)
        const answer: unknown = Reflect.apply(member, target, given)
        if (!(answer instanceof Promise)) return answer
        return answer.then((value: unknown) => {
          killer.at(`after ${point}`)
          return value
        })
      }
    },
  })
}
