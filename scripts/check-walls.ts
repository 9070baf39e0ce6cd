/**
 * Holds the sources against the walls of the house: who imports whom, circles of folders, folders too full, names that are
 * exported twice, comments that do not begin with their subject, text that goes to a screen past its door,
 * files that are read without a bound.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brokenWall, folderCircles } from './walls/broken-walls.ts'
import { importsOf } from './walls/imports.ts'
import { indirectComments, repeatedNames } from './walls/names.ts'
import { unboundedReads } from './walls/readers.ts'
import { rawPrints } from './walls/screens.ts'
import { MAX_FILES_IN_A_FOLDER, WALLS } from './walls/walls.ts'

const ROOT = join(import.meta.dirname, '..')

/** @returns what is wrong, a line each */
function problems(): string[] {
  const src = join(ROOT, 'src')
  const files = globSync('**/*.{ts,tsx}', { cwd: src })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(src, path), 'utf8') }))
  const imports = files.flatMap(({ path, text }) => importsOf(path, text))
  const all = globSync('{src,test,bench,scripts}/**/*.{ts,tsx}', { cwd: ROOT })
  return [
    ...imports.flatMap((found) => {
      const broken = brokenWall(found, WALLS)
      return broken === undefined ? [] : [`src/${found.from}: ${broken}`]
    }),
    ...folderCircles(imports).map((circle) => `folders import in a circle: ${circle.join(' ')}`),
    ...Object.entries(Object.groupBy(all, (file) => dirname(file)))
      .filter(([, files = []]) => files.length > MAX_FILES_IN_A_FOLDER)
      .map(([folder, { length } = []]) => `${folder} holds ${length} files: give it inner rooms`),
    ...repeatedNames(files),
    ...indirectComments(files),
    ...rawPrints(files),
    ...unboundedReads(files),
  ]
}

const found = problems()
for (const problem of found) console.log(problem)
if (found.length > 0) process.exitCode = 1
