import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { storeSchema } from '../../support/postgres/store-database.ts'

/** True if the stories of this run have their stores on a server: the project `e2e-postgres` says so. */
export const ON_POSTGRES: boolean = process.env['TALEUS_TEST_STORE'] === 'postgres'

/** A place for a store on a real server, gone when the test is. */
export interface ServerPlace {
  /** As the setting `store` takes it. */
  readonly url: string
  readonly passwordFile: string
}

/** @param directory that gets the file with the password */
export async function serverPlace(directory: string): Promise<ServerPlace> {
  const server = await sharedPostgres()
  const schema = storeSchema(server)
  onTestFinished(() => schema.dispose())
  const passwordFile = join(directory, 'store.password')
  await writeFile(passwordFile, server.password, { mode: 0o600 })
  return { url: `${schema.url}&sslmode=disable`, passwordFile }
}

/** Sets the settings of a data directory so that its store is on a server. */
export async function placeOnServer(directory: string): Promise<void> {
  const { url, passwordFile } = await serverPlace(directory)
  const settings = { store: url, 'store-password-file': passwordFile }
  await writeFile(join(directory, 'settings.json'), JSON.stringify(settings), { mode: 0o600 })
}
