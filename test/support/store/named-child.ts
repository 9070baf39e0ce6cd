import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { takeProcessName } from '../../../src/store/directory/process-name.ts'

/** Takes a name on the given data directory, tells it, and waits. */
const [directory = ''] = process.argv.slice(2)
process.stdout.write(takeProcessName(openDataDirectory(directory)).id)
process.stdin.resume()
