/**
 * Runs when a checkout is installed: by `npm ci`, `npx`, `npm install --global .`. Any Node parses and runs it.
 * Why a global install makes a copy: docs/decisions/0002-node-24-from-npm.md
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const { env } = process

/** npm tells a script its own settings: these would make another npm install globally as well. */
const OF_THE_OUTER_NPM =
  /^npm_(?:config_(?:global|location|prefix|global_prefix|local_prefix)$|package_|lifecycle_)/i

function npm(...words) {
  const own = Object.entries(env).filter(([name]) => !OF_THE_OUTER_NPM.test(name))
  execFileSync(process.execPath, [env.npm_execpath, ...words], {
    cwd: root,
    env: Object.fromEntries(own),
    stdio: 'inherit',
  })
}

/** Puts a copy where npm has put a link to this checkout. */
function installCopy(prefix) {
  const folder = mkdtempSync(join(tmpdir(), 'taleus-pack-'))
  try {
    if (!existsSync(join(root, 'node_modules', '.bin', 'rolldown'))) npm('ci', '--include=dev')
    npm('pack', '--silent', '--pack-destination', folder)
    const [packed] = readdirSync(folder)
    npm('install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', join(folder, packed))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (env.npm_config_global === 'true') installCopy(env.npm_config_prefix)
// The Node that npm finds first: the checkout's own, where it has one.
else execFileSync('node', ['build.ts', '--if-needed'], { cwd: root, stdio: 'inherit' })
