import { defineConfig } from 'vitest/config'
import { TEST_REPORT } from './scripts/tests/test-report.ts'

/** Hundreds of short-lived processes are started: each takes the code that another one has compiled. */
const env = {
  NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/taleus/compiled`,
}

/** Files share processes: to load the same modules for each of them anew would take longer than the tests. */
const oneProcess = {
  isolate: false,
  setupFiles: ['test/support/left-as-found.ts'],
}

/** Stories of whole processes that are told on PostgreSQL as well: of what is written most. */
const ON_POSTGRES = stories([
  'commands/bootstrap',
  'commands/recovery',
  'commands/token',
  'shop/shop',
])

/** The same of every other command: for longer runs. */
const LONG_ON_POSTGRES = stories([
  'approval/approve',
  'commands/audit',
  'commands/drain',
  'commands/operator',
  'commands/reap',
  'commands/receipts',
  'commands/sessions-and-tally',
  'commands/status',
  'commands/watch',
  'reach/nodes',
])

function stories(names: readonly string[]): string[] {
  return names.map((name) => `test/e2e/${name}.test.ts`)
}

/** The stores of all parties are in PostgreSQL. */
const postgresProject = {
  env: { ...env, TALEUS_TEST_STORE: 'postgres' },
  ...oneProcess,
  testTimeout: 90_000,
  hookTimeout: 90_000,
  // Each has a server of its own beside its processes.
  maxWorkers: 2,
}

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: TEST_REPORT }]],
    projects: [
      {
        test: {
          name: 'unit',
          env,
          ...oneProcess,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/long/**'],
          // Bounds for a hang, not expectations: the machine may be slow and shared.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // By default one processor is left idle.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          globalSetup: 'test/support/browser/install-chromium.ts',
          env,
          ...oneProcess,
          include: ['test/e2e/**/*.test.{ts,tsx}'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          // Each test starts whole processes and waits for them: two at once leave a quarter of two processors idle.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...postgresProject,
          name: 'e2e-postgres',
          include: ON_POSTGRES,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...postgresProject,
          name: 'long-postgres',
          include: LONG_ON_POSTGRES,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: 'long',
          env,
          include: ['test/long/**/*.test.{ts,tsx}'],
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
