import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { takeProcessName } from '../../../src/store/directory/process-name.ts'

/** Takes a name on the given data directory, keeps nothing of it but the id, reclaims memory, tells the id, and waits. */
const [directory = ''] = process.argv.slice(2)
const { id } = takeProcessName(openDataDirectory(directory))
setImmediate(() => {
  globalThis.gc?.()
  process.stdout.write(id)
})
process.stdin.resume()
