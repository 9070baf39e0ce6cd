import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { isOwnHooks, ownHooksProblem } from './check-own-hooks.ts'
import { HookModuleError } from './errors.ts'
import type { HookHost, OwnHooks } from './hook-module.ts'

/** How long a module may take to be loaded, and to make its hooks, ms each: a person or a supervisor waits for it. */
const LOAD_MS = 10_000

/** Names of files that Node loads as modules; in TypeScript, what is not JavaScript is taken out. */
const MODULE_NAME = /\.(?:mjs|js|mts|ts)$/

/** Others may write it: whoever can would run their code with this party's key. */
const WRITABLE_BY_ALL = 0o002

/**
 * Loads hooks from a file.
 * @param path absolute
 * @throws HookModuleError that names what is wrong
 */
export async function loadHookModule(path: string, host: HookHost): Promise<OwnHooks> {
  checkFile(path)
  const exported = await inTime(path, 'could not be loaded', () => import(pathToFileURL(path).href))
  const given: unknown = Reflect.get(Object(exported), 'default')
  if (given === undefined)
    throw new HookModuleError('has no default export: `export default { … }` with the hooks', {
      path,
    })
  const own =
    typeof given === 'function'
      ? await inTime(path, 'could not make its hooks', () =>
          Reflect.apply(given, undefined, [host]),
        )
      : given
  if (isOwnHooks(own)) return own
  const what = typeof given === 'function' ? 'what its function returns' : 'its default export'
  throw new HookModuleError(`is no module of hooks: ${what} ${ownHooksProblem(own)}`, { path })
}

function checkFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw new HookModuleError('is not there', { path })
  if (!stats.isFile()) throw new HookModuleError('is no file', { path })
  if (!MODULE_NAME.test(path))
    throw new HookModuleError('must end in .mjs, .js, .mts or .ts', { path })
  if ((stats.mode & WRITABLE_BY_ALL) !== 0)
    throw new HookModuleError('may be written by everybody on this computer: chmod o-w', { path })
}

/** @throws HookModuleError, with what the module has thrown */
async function inTime(path: string, failing: string, work: () => unknown): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`it took more than ${LOAD_MS} ms`)), LOAD_MS)
  try {
    return await Promise.race([work(), late])
  } catch (cause) {
    throw new HookModuleError(`${failing}: ${messageOf(cause)}`, { path, cause })
  } finally {
    clearTimeout(timer)
  }
}

/** Characters of a message from there that are shown. */
const MAX_THROWN = 300

function messageOf(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
    return text.slice(0, MAX_THROWN)
  } catch {
    return 'it threw what can not be described'
  }
}
