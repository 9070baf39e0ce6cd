import type { SourceFile } from './source-file.ts'

/** The only files that read a whole file with Node's own means, and why each may. */
const READERS: ReadonlyMap<string, string> = new Map([
  ['cli/input/read-bounded.ts', 'the reader, with its bounds'],
  ['cli/settings/settings-file.ts', 'a file whose size was looked at'],
  ['cli/qr/qr-image.ts', 'a file of the package'],
  ['dashboard/job-control.ts', 'a line of the system'],
  ['service/status/file-limit.ts', 'a page of the system'],
])

const READ = /\b(?:readFile|readFileSync|createReadStream)\(/g

/** Places that read a file without a bound, a line each. */
export function unboundedReads(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !READERS.has(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(READ)].map(({ 0: found, index }) => {
        const at = text.slice(0, index).split('\n').length
        return `src/${path}:${at}: ${found} has no bound: take readFileBounded, readLines or readSmallFile`
      }),
    )
}
