import { defineConfig } from 'vitest/config'
import { memoryDirectory } from './scripts/tests/memory-directory.ts'
import { TEST_REPORT } from './scripts/tests/test-report.ts'

/** Hundreds of short-lived processes are started: each takes the code that another one has compiled. */
const env = {
  NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/taleus/compiled`,
}

/** The long tests keep their stores on a disk. */
const memory = memoryDirectory()
const shortEnv = memory === undefined ? env : { ...env, TMPDIR: memory }

/** Files share processes: to load the same modules for each of them anew would take longer than the tests. */
const oneProcess = {
  isolate: false,
  setupFiles: ['test/support/left-as-found.ts'],
}

export default defineConfig({
  test: {
    reporters: ['default', ['json', { outputFile: TEST_REPORT }]],
    projects: [
      {
        test: {
          name: 'unit',
          env: shortEnv,
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
          env: shortEnv,
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
          name: 'long',
          env,
          include: ['test/long/**/*.test.{ts,tsx}'],
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
