import { fileURLToPath } from 'node:url'
import { readFileBounded } from '../input/read-bounded.ts'

/** The scripts of pages, as the build makes them of src/web. */
type PageScript = 'link-page' | 'scan-page'

/** Some thirty times what they have. */
const MAX_SCRIPT_BYTES = 1024 * 1024

/** Reads the script of a page. It has no end tag in it, and stands in a page as it is. */
export async function scriptOf(page: PageScript): Promise<string> {
  const script = new URL(`dist/web/${page}.js`, import.meta.resolve('taleus/package.json'))
  const bytes = await readFileBounded(fileURLToPath(script), MAX_SCRIPT_BYTES)
  return new TextDecoder().decode(bytes)
}
