import type {
  AuditHook,
  DatabaseHook,
  IdentityHook,
  SessionHooks,
  TokenHook,
} from '../session-hooks.ts'

/**
 * The hooks that a host has of its own. The usual ones do the rest: whatever of `token` is left out, `identity`, `audit`
 * and `database.verify`. A database that is built here is also found and removed here: what of that is left out is not done.
 */
export interface OwnHooks {
  readonly token?: Partial<TokenHook> | undefined
  readonly identity?: IdentityHook | undefined
  readonly database?: Partial<DatabaseHook> | undefined
  readonly audit?: AuditHook | undefined
  /** Called once, before the process ends; it has two seconds. */
  close?(): void | Promise<void>
}

/** Given to a module that makes its hooks. */
export interface HookHost {
  /** The folder of this party. */
  readonly dataDirectory: string
  /** Aborted when the process is about to end: before `close`. */
  readonly signal: AbortSignal
  /** The hooks that are used for what is left out, to ask from within one's own. */
  readonly usual: SessionHooks
  /** Tells whoever watches: one line of at most 200 characters, made harmless. Of more than ten in a minute the rest is counted. */
  log(text: string): void
}

/**
 * The default export of a module for `listen --hooks`: hooks, or a function that makes them.
 *
 * ```ts
 * import type { HookModule } from 'taleus/bootstrap'
 *
 * export default {
 *   identity: { validate: async (bundle) => bundle['name'] !== 'Mallory' },
 * } satisfies HookModule
 * ```
 */
export type HookModule = OwnHooks | ((host: HookHost) => OwnHooks | Promise<OwnHooks>)
