import { describe } from 'vitest'
import { describeSessionStore } from '../../contract/session-store/session-store.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { POSTGRES } from '../../support/store/postgres-engine.ts'

describe.skipIf(!canRunPostgres())('on a real server', () => describeSessionStore(POSTGRES))
