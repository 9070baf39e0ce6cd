import { join } from 'node:path'
import { build as bundle, type Plugin } from 'rolldown'

/** The scripts of pages: each is one file, read by a command and put into its page. */
const PAGES = ['link-page', 'scan-page']

/** Digests are asked of Node where there is Node; in a page the code of our own protocol is the same but for them. */
const ownDigest = (root: string): Plugin => ({
  name: 'own-digest',
  resolveId: {
    filter: { id: /\/digest\.ts$/ },
    handler: () => join(root, 'scripts/build/browser-digest.ts'),
  },
})

/**
 * Bundles the scripts that run in a browser.
 * @returns the modules that are in them
 * @throws Error if one needs what only Node has
 */
export async function bundlePages(root: string, directory: string): Promise<readonly string[]> {
  const modules: string[] = []
  for (const page of PAGES) {
    const { output } = await bundle({
      cwd: root,
      input: join('src', 'web', `${page}.ts`),
      platform: 'browser',
      plugins: [ownDigest(root)],
      onLog: (_level, log) => {
        throw new Error(`the script of ${page}: ${log.message}`)
      },
      output: {
        file: join(directory, `${page}.js`),
        format: 'iife',
        minify: true,
        comments: false,
      },
    })
    modules.push(...output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : [])))
  }
  return modules
}
