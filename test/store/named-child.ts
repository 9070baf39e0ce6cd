import { openDataDirectory } from '../../src/store/data-directory.ts'
import { takeProcessName } from '../../src/store/process-name.ts'

/** Takes a name on the given data directory, tells it, and waits. */
const [directory = ''] = process.argv.slice(2)
process.stdout.write(takeProcessName(openDataDirectory(directory)).id)
process.stdin.resume()
