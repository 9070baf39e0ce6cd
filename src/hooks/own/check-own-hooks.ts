import type { OwnHooks } from './hook-module.ts'

/** The members of each hook, and the type that each must have. */
const MEMBERS = {
  token: {
    validate: 'function',
    reserve: 'function',
    markUsed: 'function',
    release: 'function',
    mustBeTold: 'boolean',
  },
  identity: { validate: 'function' },
  database: {
    provision: 'function',
    deprovision: 'function',
    status: 'function',
    verify: 'function',
    leavesNoTrace: 'boolean',
  },
  audit: { logSession: 'function' },
} as const satisfies Record<Exclude<keyof OwnHooks, 'close'>, Record<string, string>>

type HookPart = keyof typeof MEMBERS

/** Members of `database` that are about what `provision` has built. */
const ABOUT_BUILT = ['deprovision', 'status', 'leavesNoTrace'] as const

/**
 * Finds the first thing in which a value is no set of hooks, in words that name it.
 * @returns undefined if the value is one
 */
export function ownHooksProblem(value: unknown): string | undefined {
  if (!isObject(value)) return `must be an object of hooks, not ${typeName(value)}`
  const unknown = unknownIn(value, [...Object.keys(MEMBERS), 'close'])
  if (unknown !== undefined) return unknown
  const close: unknown = Reflect.get(value, 'close')
  if (close !== undefined && typeof close !== 'function')
    return wrongType('close', 'function', close)
  const parts = Object.keys(MEMBERS).filter(isHookPart)
  const brought = parts.filter((part) => Reflect.get(value, part) !== undefined)
  if (brought.length === 0) return `brings no hook: ${parts.join(', ')} are possible`
  for (const part of brought) {
    const problem = partProblem(part, Reflect.get(value, part))
    if (problem !== undefined) return problem
  }
  return undefined
}

/** True if the value is a set of hooks. */
export function isOwnHooks(value: unknown): value is OwnHooks {
  return ownHooksProblem(value) === undefined
}

/** The hooks that are in there, e.g. `token.validate`. */
export function hookNames(own: OwnHooks): readonly string[] {
  return Object.keys(MEMBERS)
    .filter(isHookPart)
    .flatMap((part) => membersIn(part, own[part]).map((member) => `${part}.${member}`))
}

function isHookPart(name: string): name is HookPart {
  return Object.hasOwn(MEMBERS, name)
}

function membersIn(part: HookPart, hook: unknown): readonly string[] {
  if (!isObject(hook)) return []
  return Object.keys(MEMBERS[part]).filter((member) => Reflect.get(hook, member) !== undefined)
}

function partProblem(part: HookPart, hook: unknown): string | undefined {
  if (!isObject(hook)) return `\`${part}\` must be an object, not ${typeName(hook)}`
  const unknown = unknownIn(hook, Object.keys(MEMBERS[part]), `${part}.`)
  if (unknown !== undefined) return unknown
  const members = membersIn(part, hook)
  const functions = Object.keys(MEMBERS[part]).join(', ')
  if (members.length === 0) return `\`${part}\` brings nothing: ${functions} are possible`
  for (const [member, type] of Object.entries(MEMBERS[part])) {
    const found: unknown = Reflect.get(hook, member)
    if (found !== undefined && typeof found !== type)
      return wrongType(`${part}.${member}`, type, found)
  }
  const stray = ABOUT_BUILT.find((member) => part === 'database' && members.includes(member))
  if (stray === undefined || members.includes('provision')) return undefined
  return `\`database.${stray}\` is about what \`database.provision\` builds, which is left out`
}

/** An object that was made of a class may keep what it likes; in a plain one, another name is a mistake. */
function unknownIn(value: object, known: readonly string[], before = ''): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown === undefined) return undefined
  return `has \`${before}${unknown}\`, which is no hook: ${known.map((name) => before + name).join(', ')} are possible`
}

function wrongType(name: string, type: string, found: unknown): string {
  return `\`${name}\` must be a ${type}, not ${typeName(found)}`
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'undefined' ? 'nothing' : `a ${typeof value}`.replace(/^a o/, 'an o')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
