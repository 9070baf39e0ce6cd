import { beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from './biome.ts'
import { lintTree } from './biome.ts'

/** Files that a rule of the house style stops: the rule, the file, its text. */
const STOPPED: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['lint/suspicious/noExplicitAny', 'src/any.ts', 'export const a: any = 1\n'],
  [
    'lint/style/noNonNullAssertion',
    'src/bang.ts',
    'export const a = (list: string[]): string => list[0]!\n',
  ],
  ['lint/style/noDefaultExport', 'src/default.ts', 'export default 1\n'],
  ['lint/performance/noReExportAll', 'src/barrel.ts', `export * from './any.ts'\n`],
  [
    'lint/nursery/noFloatingPromises',
    'src/floating.ts',
    'async function work(): Promise<void> {}\nwork()\n',
  ],
  ['lint/suspicious/noConsole', 'src/print.ts', `console.log('hello')\n`],
  ['lint/nursery/noJsRestrictedProperties', 'src/write.ts', `process.stdout.write('hello')\n`],
  ['lint/nursery/noProcessExit', 'src/exit.ts', 'process.exit(1)\n'],
  ['lint/style/useImportType', 'src/type.ts', `import { A } from './a.ts'\nexport type B = A\n`],
  [
    'lint/style/noParameterAssign',
    'src/assign.ts',
    'export function f(a: number): number {\n  a = 2\n  return a\n}\n',
  ],
  ['lint/style/useFilenamingConvention', 'src/camelCase.ts', 'export const a = 1\n'],
  [
    'lint/suspicious/noImportCycles',
    'src/one.ts',
    `import type { Two } from './two.ts'\nexport interface One {\n  two?: Two\n}\n`,
  ],
  [
    'lint/suspicious/noImportCycles',
    'src/two.ts',
    `import type { One } from './one.ts'\nexport interface Two {\n  one?: One\n}\n`,
  ],
  ['lint/suspicious/noFocusedTests', 'test/focus.test.ts', `test.only('a', () => {})\n`],
  [
    'lint/correctness/noUndeclaredDependencies',
    'src/undeclared.ts',
    `import left from 'left-pad'\nexport const pad = left\n`,
  ],
]

const FINE: Readonly<Record<string, string>> = {
  'src/commands/token/create.ts': 'export default class Create {}\n',
  'src/cli/print.ts': `process.stdout.write('hello')\n`,
  'src/dashboard/Frame.tsx': 'export const Frame = 1\n',
}

describe('house style', () => {
  let findings: readonly Finding[] = []
  beforeAll(() => {
    const stopped = STOPPED.map(([, file, text]) => [file, text])
    findings = lintTree({ ...FINE, ...Object.fromEntries(stopped) })
  })

  for (const [rule, file] of STOPPED) {
    test(`${rule} stops ${file}`, () => {
      const rules = findings.filter(({ path }) => path === file).map((finding) => finding.rule)
      expect(rules).toContain(rule)
    })
  }

  for (const file of Object.keys(FINE)) {
    test(`nothing stops ${file}`, () => {
      expect(findings.filter(({ path }) => path === file)).toEqual([])
    })
  }
})
