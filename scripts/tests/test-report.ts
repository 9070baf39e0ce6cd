/** The report that vitest writes and `summary.ts` counts from, relative to the project. */
export const TEST_REPORT = 'node_modules/.cache/taleus/vitest.json'
