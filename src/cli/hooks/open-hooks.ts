import { join } from 'node:path'
import type { FileHooks } from '../../hooks/file/create-file-hooks.ts'
import type { SessionHooks } from '../../hooks/session-hooks.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import type { PartyStore } from '../../store/query/party-store.ts'
import { databaseChoice } from '../settings/database-choice.ts'
import { type HookWish, hookChoice } from '../settings/hook-choice.ts'
import type { Settings } from '../settings/settings.ts'
import type { OpenedHooks } from './open-own-hooks.ts'

/** Values of settings that count instead, for one command. */
export interface HooksWish extends HookWish {
  /** @default the setting */
  readonly database?: string | undefined
}

export interface OpenHooksInit {
  readonly directory: Pick<DataDirectory, 'path'>
  readonly store: PartyStore
  readonly settings: Settings
  readonly environment: NodeJS.ProcessEnv
  readonly wish: HooksWish
  /** Milliseconds since the epoch. */
  now(): number
}

/** The hooks that a command works with. */
export interface HooksInUse {
  readonly hooks: SessionHooks
  /** Notes of the user's own. */
  readonly notes?: OpenedHooks['notes'] | undefined
  /** Names of the user's own, e.g. `token.validate`. */
  readonly ownNames?: readonly string[]
  /** Has the user's own close. Bounded in time; never rejects. */
  settle(): Promise<void>
  close(): void
}

/**
 * Opens the hooks: those that keep things in files, and what the user has set in their place. The same for each command
 * that calls hooks, so that what one has built another one can remove.
 * @throws HookModuleError, HookCommandRefusedError, HookTwiceError
 */
export async function openHooks(init: OpenHooksInit): Promise<HooksInUse> {
  const { directory, store, settings, environment, wish } = init
  const { createFileHooks } = await import('../../hooks/file/create-file-hooks.ts')
  const usual = createFileHooks({
    store,
    eventFile: join(directory.path, 'events.jsonl'),
    database: databaseChoice(settings, environment, wish.database),
    now: () => init.now(),
  })
  const choice = hookChoice(settings, wish)
  const close = () => closeUsual(usual)
  if (choice.module === undefined && choice.command === undefined)
    return { hooks: usual, settle: async () => undefined, close }
  const { openOwnHooks } = await import('./open-own-hooks.ts')
  const dataDirectory = directory.path
  const opened = await openOwnHooks({ ...choice, usual, environment, dataDirectory })
  const { ownFileHooks } = await import('../../hooks/file/own-file-hooks.ts')
  const { hookNames } = await import('../../hooks/own/check-own-hooks.ts')
  const { own, notes } = opened
  return {
    hooks: ownFileHooks(usual, own),
    notes,
    ownNames: hookNames(own),
    settle: () => opened.close(),
    close,
  }
}

function closeUsual({ database, audit }: FileHooks): void {
  void database.close()
  try {
    audit.flush()
  } catch {
    // Only a tap: what it would have told is in the store, and what was done is done.
  }
}
