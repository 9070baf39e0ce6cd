import type { OwnHooks } from '../own/hook-module.ts'
import { withOwnHooks } from '../own/with-own-hooks.ts'
import type { SessionHooks } from '../session-hooks.ts'
import type { FileHooks } from './create-file-hooks.ts'
import { OwnDatabases } from './own-databases.ts'

/** Lays a host's own hooks, in plain objects, over those that keep things in files. */
export function ownFileHooks(usual: FileHooks, own: OwnHooks): SessionHooks {
  const { database, credentials } = usual
  const databases =
    own.database === undefined
      ? database
      : new OwnDatabases({ own: own.database, usual: database, credentials })
  return { ...withOwnHooks(usual, own), database: databases }
}
