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

/** Stories of whole processes that are told on PostgreSQL as well: of each command, and of what may go wrong. */
const ON_POSTGRES = [
  'approval/approve',
  'commands/audit',
  'commands/bootstrap',
  'commands/drain',
  'commands/operator',
  'commands/reap',
  'commands/receipts',
  'commands/recovery',
  'commands/sessions-and-tally',
  'commands/status',
  'commands/token',
  'commands/watch',
  'reach/nodes',
  'shop/shop',
].map((story) => `test/e2e/${story}.test.ts`)

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
        // The same stories, with the stores of all parties in PostgreSQL.
        test: {
          name: 'e2e-postgres',
          env: { ...env, TALEUS_TEST_STORE: 'postgres' },
          ...oneProcess,
          include: ON_POSTGRES,
          testTimeout: 90_000,
          hookTimeout: 90_000,
          // Each has a server of its own beside its processes.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
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
