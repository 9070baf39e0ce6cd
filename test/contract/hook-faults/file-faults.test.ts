import { fileKind } from './faulty-hooks.ts'
import { describeHookFaults } from './hook-faults-contract.ts'

describeHookFaults('file', fileKind)
