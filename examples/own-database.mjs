// Keeps each tally's draft in a folder of one's own, a file for each, in the place of a database.
//
//   taleus config set hooks /home/me/own-database.mjs      both sides, so that each takes what the other has built
//
// Both sides must be able to open what `endpoint` names: here, a folder on the same computer.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const FOLDER = join(import.meta.dirname, 'tallies')

const fileOf = (tallyId) => join(FOLDER, `${tallyId}.json`)

/** @type {import('taleus/bootstrap').HookModule} */
export default {
  database: {
    // The same arguments, the same database: it may be called again after a crash.
    async provision(createdBy, _inviter, _invitee, _session, { tallyId, draftFor, signal }) {
      const file = fileOf(tallyId)
      await mkdir(FOLDER, { recursive: true, mode: 0o700 })
      await writeFile(`${file}.new`, draftFor(tallyId).text, { mode: 0o600, signal })
      await rename(`${file}.new`, file)
      return {
        tally: { tallyId, createdBy },
        dbConnectionInfo: {
          engine: 'folder',
          endpoint: pathToFileURL(file).href,
          credentialsRef: 'none',
        },
      }
    },
    // What was built for nobody is removed. Once its signal is aborted, nothing may be removed any more.
    async deprovision(tallyId, { signal }) {
      signal.throwIfAborted()
      await rm(fileOf(tallyId), { force: true })
      await rm(`${fileOf(tallyId)}.new`, { force: true })
    },
    // Before this side takes what the other one has built: is it there, and is it what was agreed?
    async verify({ tally, database, draft }, { signal }) {
      if (database.engine !== 'folder' || !database.endpoint.startsWith('file:')) return false
      const file = fileURLToPath(database.endpoint)
      if (file !== fileOf(tally.tallyId) || dirname(file) !== FOLDER) return false
      return (await readFile(file, { encoding: 'utf8', signal })) === draft.text
    },
  },
}
