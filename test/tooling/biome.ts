import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const root = join(import.meta.dirname, '..', '..')
const reportSchema = z.object({
  diagnostics: z.array(
    z.object({
      category: z.string(),
      message: z.string(),
      location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }),
    }),
  ),
})

/** One thing that Biome found. */
export interface Finding {
  /** For example `plugin` or `lint/suspicious/noImportCycles`. */
  readonly rule: string
  readonly message: string
  /** Relative to the tree. */
  readonly path: string
  readonly line: number
}

/** Lints a tree of files, made for this call and removed after it, under this project's rules. */
export function lintTree(files: Readonly<Record<string, string>>): Finding[] {
  const tree = mkdtempSync(join(tmpdir(), 'taleus-lint-'))
  try {
    for (const name of ['biome.json', 'walls.grit', 'package.json', '.gitignore']) {
      copyFileSync(join(root, name), join(tree, name))
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(tree, dirname(path)), { recursive: true })
      writeFileSync(join(tree, path), text)
    }
    return lint(tree)
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

function lint(tree: string): Finding[] {
  const { stdout } = spawnSync(
    join(root, 'node_modules', '.bin', 'biome'),
    ['lint', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: tree, encoding: 'utf8' },
  )
  return reportSchema.parse(JSON.parse(stdout)).diagnostics.map((diagnostic) => ({
    rule: diagnostic.category,
    message: diagnostic.message,
    path: diagnostic.location.path,
    line: diagnostic.location.start.line,
  }))
}
