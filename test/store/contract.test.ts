import { describeSessionStore } from '../contract/session-store/session-store.ts'
import { plainEngine } from '../support/store/plain-engine.ts'
import { SQLITE_FILE, SQLITE_IN_MEMORY } from '../support/store/sqlite-engine.ts'

const ENGINES = [
  SQLITE_IN_MEMORY,
  SQLITE_FILE,
  plainEngine('plain values', 0),
  plainEngine('plain values, told late', 2),
]

for (const engine of ENGINES) describeSessionStore(engine)
