import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'

/**
 * Puts packages of one project into another one, with all that they need, as files of its own. To Node they are other
 * modules than the ones they were made from, as they would be after an installation; linked, because they are many.
 * @param isOtherVersion true: they say to be of another version, by which compilers tell types apart
 */
export function copyPackages(
  from: string,
  to: string,
  names: readonly string[],
  isOtherVersion = false,
): void {
  for (const path of closureOf(from, names)) {
    const target = join(to, relative(from, path))
    linkTree(path, target)
    if (isOtherVersion) sayOtherVersion(join(target, 'package.json'))
  }
}

function sayOtherVersion(manifest: string): void {
  const told: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
  // Not written over: that would change the file that it is linked to.
  rmSync(manifest)
  writeFileSync(manifest, JSON.stringify({ ...Object(told), version: '999.0.0' }))
}

function closureOf(root: string, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (name: string, below: string): void => {
    const path = locate(name, root, below)
    if (path === undefined || found.has(path)) return
    found.add(path)
    const manifest: unknown = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    const needed: unknown = Reflect.get(Object(manifest), 'dependencies')
    for (const each of Object.keys(Object(needed))) add(each, path)
  }
  for (const name of names) add(name, root)
  return found
}

/** Finds a package as Node does: in the nearest folder above that has it. */
function locate(name: string, root: string, below: string): string | undefined {
  const path = join(below, 'node_modules', name)
  if (existsSync(path)) return path
  return below === root ? undefined : locate(name, root, dirname(below))
}

/** Leaves out what is installed inside a package: what of it is needed is linked by itself. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkTree(source, target)
    else if (!existsSync(target)) linkSync(source, target)
  }
}
