import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

/** True where this process may make a machine of its own: a folder tree and a network that only it sees. */
export const canMakeMachines =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', '--net', 'sh', '-c', 'ip link set lo up && command -v useradd'])
    .status === 0

export interface Followed {
  readonly stdout: string
  readonly stderr: string
}

/**
 * Types all that a page shows in its `sh` blocks, in order, on a machine that never heard of taleus.
 * @param page relative to the root of the checkout
 * @param isOffline packages come from this checkout instead of from the registry, and nothing is built
 * @throws if a command fails
 */
export async function followPage(
  page: string,
  { isOffline }: { readonly isOffline: boolean },
): Promise<Followed> {
  const work = await mkdtemp(join(tmpdir(), 'taleus-machine-'))
  onTestFinished(() => rm(work, { recursive: true, force: true }))
  const text = await readFile(join(ROOT, page), 'utf8')
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  const recipe = join(work, 'recipe.sh')
  await writeFile(recipe, blocks.join('\n'))
  const npm = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim()
  const offline = { NPM: npm, NODE_MODULES: join(ROOT, 'node_modules') }
  const machine = [join(import.meta.dirname, 'fresh-machine.sh'), ROOT, recipe, work]
  const programs = isOffline ? [join(import.meta.dirname, 'offline')] : []
  return await promisify(execFile)('unshare', ['--mount', 'bash', ...machine, ...programs], {
    env: { ...ownSettingsLeftOut(), ...(isOffline ? offline : {}) },
    maxBuffer: 1 << 24,
  })
}

function ownSettingsLeftOut(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|TALEUS_|VITEST)/.test(name),
  )
  return Object.fromEntries(kept)
}
