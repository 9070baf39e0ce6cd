import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OwnHookSources, openOwnHooks } from '../../src/cli/hooks/open-own-hooks.ts'
import type { FileHooks } from '../../src/hooks/file/create-file-hooks.ts'
import { ownFileHooks } from '../../src/hooks/file/own-file-hooks.ts'
import type { SessionHooks } from '../../src/hooks/session-hooks.ts'

/** Hooks of a host's own, written into a directory, loaded as `taleus listen` does. */
export async function ownHooksIn(
  directory: string,
  usual: FileHooks,
  write: (directory: string) => OwnHookSources,
): Promise<SessionHooks> {
  const environment = { PATH: process.env['PATH'] }
  const init = { ...write(directory), usual, dataDirectory: directory, environment }
  return ownFileHooks(usual, (await openOwnHooks(init)).own)
}

/**
 * A module with every hook. Databases are files; the rest is left to the usual hooks. It fails as the file `fault` says:
 * the name of a hook and the way, and notes each such call in `called`.
 */
export function writeModule(directory: string): OwnHookSources {
  const module = join(directory, 'host.mjs')
  writeFileSync(module, MODULE)
  return { module }
}

const MODULE = `
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export default ({ dataDirectory, usual }) => {
  const path = (name) => join(dataDirectory, name)
  const read = (name) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : undefined)

  /** Does the work, in the way that the fault says. */
  const hook = (name, work) => async (...all) => {
    const [failing, way] = read('fault')?.trim().split(' ') ?? []
    if (failing !== name) return await work(...all)
    appendFileSync(path('called'), 'here\\n')
    const { signal } = all.at(-1)
    if (way === 'slow') await sleep(30)
    if (way === 'late') await new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason)))
    if (way === 'throwing') throw new Error('broken on purpose')
    if (way === 'rubbish') return { no: 'sense' }
    const answer = await work(...all)
    if (way === 'dies') throw new Error('gone before it answered')
    return answer
  }

  class Databases {
    #endpoint = (tallyId) => 'folder:' + tallyId
    provision = hook('database.provision', async (createdBy, _inviter, _invitee, _session, context) => {
      const { tallyId } = context
      const endpoint = this.#endpoint(tallyId)
      const built = {
        tally: { tallyId, createdBy },
        dbConnectionInfo: { engine: 'folder', endpoint, credentialsRef: 'none' },
      }
      context.signal.throwIfAborted()
      context.draftFor(tallyId)
      writeFileSync(path(tallyId + '.new'), JSON.stringify(built))
      renameSync(path(tallyId + '.new'), path(tallyId + '.json'))
      return built
    })
    async deprovision(tallyId, { signal }) {
      signal.throwIfAborted()
      return await hook('database.deprovision', async () => rmSync(path(tallyId + '.json'), { force: true }))(tallyId, { signal })
    }
    async status(tallyId) {
      const built = tallyId === '' ? undefined : read(tallyId + '.json')
      return built && JSON.parse(built)
    }
    verify = hook('database.verify', async ({ tally, database }) =>
      database.engine === 'folder' && database.endpoint === this.#endpoint(tally.tallyId))
  }

  return {
    token: {
      validate: hook('token.validate', (...all) => usual.token.validate(...all)),
      reserve: hook('token.reserve', async () => true),
      markUsed: hook('token.markUsed', async () => writeFileSync(path('used'), '')),
      release: hook('token.release', async () => undefined),
    },
    identity: { validate: hook('identity.validate', (...all) => usual.identity.validate(...all)) },
    database: new Databases(),
    audit: { logSession: hook('audit.logSession', (...all) => usual.audit.logSession(...all)) },
  }
}
`

/** A program that does the same, a process for each call. */
export function writeCommand(directory: string): OwnHookSources {
  const program = join(directory, 'host.sh')
  writeFileSync(program, PROGRAM)
  chmodSync(program, 0o755)
  return { command: [program, directory] }
}

const PROGRAM = `#!/bin/sh
folder=$1
read -r question
member() {
  rest=\${question#*\\"$1\\":\\"}
  printf '%s' "\${rest%%\\"*}"
}
answer() { printf '{"v":1,"answer":%s}\\n' "$1"; }
hook=$(member hook)
fault=
[ -e "$folder/fault" ] && read -r fault <"$folder/fault"

work() {
  id=$(member tallyId)
  case $hook in
  hooks)
    tokens='"token.validate","token.reserve","token.markUsed","token.release"'
    databases='"database.provision","database.deprovision","database.status","database.verify"'
    answer "[$tokens,$databases,\\"identity.validate\\",\\"audit.logSession\\"]"
    ;;
  token.reserve) answer true ;;
  token.markUsed) : >"$folder/used" && answer null ;;
  token.release) answer null ;;
  database.provision)
    tally="{\\"tallyId\\":\\"$id\\",\\"createdBy\\":\\"$(member createdBy)\\"}"
    place="{\\"engine\\":\\"folder\\",\\"endpoint\\":\\"folder:$id\\",\\"credentialsRef\\":\\"none\\"}"
    printf '{"tally":%s,"dbConnectionInfo":%s}' "$tally" "$place" >"$folder/$id.$$"
    mv "$folder/$id.$$" "$folder/$id.json"
    answer "$(cat "$folder/$id.json")"
    ;;
  database.deprovision) rm -f "$folder/$id.json" && answer null ;;
  database.status)
    if [ -n "$id" ] && [ -e "$folder/$id.json" ]; then answer "$(cat "$folder/$id.json")"; else answer null; fi
    ;;
  database.verify)
    if [ "$(member engine)" = folder ] && [ "$(member endpoint)" = "folder:$id" ]; then answer true; else answer false; fi
    ;;
  *) echo '{"v":1,"usual":true}' ;;
  esac
}

case $fault in
"$hook "*) echo $$ >>"$folder/called" ;;
esac
case $fault in
"$hook slow") sleep 0.03 && work ;;
"$hook late") sleep 600 & wait ;;
"$hook throwing")
  echo 'broken on purpose' >&2
  exit 3
  ;;
"$hook rubbish") answer '{"no":"sense"}' ;;
"$hook dies")
  work >/dev/null
  kill -KILL $$
  ;;
*) work ;;
esac
`
