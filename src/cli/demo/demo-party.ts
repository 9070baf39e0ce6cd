import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Context, openContext } from '../context.ts'

/** One party of the demonstration: a whole data directory of its own. */
export interface DemoParty {
  readonly name: string
  readonly context: Context
}

/** Makes a party with a directory below `home`. @throws DataDirectoryError */
export function demoParty(home: string, name: string): DemoParty {
  const directory = join(home, name.toLowerCase().replaceAll(' ', '-'))
  mkdirSync(directory, { mode: 0o700 })
  const locations = { dataDirectory: directory, settingsDirectory: directory }
  // What is set for a party of the user's own, e.g. its database or its hooks, is not for these.
  return { name, context: openContext(locations, () => undefined, {}) }
}
