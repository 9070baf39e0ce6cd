import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The counterpart: the newest automerge-repo 2. Not a dependency: one of its own has a script that may compile. */
const REPO = '2.5.6'

/** The packages, and the version of Automerge that we use ourselves. */
const PACKAGES = [
  `@automerge/automerge-repo@${REPO}`,
  `@automerge/automerge-repo-storage-nodefs@${REPO}`,
  '@automerge/automerge@3.5.0',
]

/** A document of a repo. */
export interface RepoHandle {
  readonly documentId: string
  doc(): Readonly<Record<string, unknown>> | undefined
  change(edit: (document: Record<string, unknown>) => void): void
}

/** So much of a repo as is used here. */
export interface RepoLike {
  create(content: object): RepoHandle
  find(url: string): Promise<RepoHandle>
  flush(): Promise<void>
  shutdown(): Promise<void>
}

/** So much of the library as is used here. */
export interface RepoLibrary {
  readonly Repo: new (config: object) => RepoLike
  readonly NetworkAdapter: new () => { emit(event: string, payload?: unknown): boolean }
  readonly NodeFSStorageAdapter: new (directory: string) => object
  readonly cbor: { encode(value: unknown): Uint8Array; decode(bytes: Uint8Array): unknown }
}

/** Installs the library, without its scripts, beside the temporary files, unless it is there. @returns the folder */
export function installRepo(): string {
  const folder = join(tmpdir(), `taleus-bench-automerge-repo-${REPO}`)
  if (!existsSync(join(folder, 'node_modules/@automerge/automerge-repo/package.json'))) {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder]
    execFileSync('npm', ['install', ...options, ...PACKAGES], { stdio: 'ignore' })
  }
  return folder
}

/** @param folder where it was installed */
export async function repoLibrary(folder: string): Promise<RepoLibrary> {
  const { resolve } = createRequire(join(folder, 'package.json'))
  const load = async (name: string) => await import(pathToFileURL(resolve(name)).href)
  const repo = await load('@automerge/automerge-repo')
  const storage = await load('@automerge/automerge-repo-storage-nodefs')
  return { ...repo, ...storage }
}
