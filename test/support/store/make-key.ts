/** One of many processes that all make the key at once: prints the key it works with. */
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { ensureKey } from '../../../src/store/directory/key-file.ts'

const [path = '', mark = ''] = process.argv.slice(2)
const directory = openDataDirectory(path)
const key = ensureKey(directory, () => new Uint8Array(68).fill(Number(mark)))
process.stdout.write(Buffer.from(key).toString('hex'))
