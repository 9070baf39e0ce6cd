import { memoryKind } from './faulty-hooks.ts'
import { describeHookFaults } from './hook-faults-contract.ts'

describeHookFaults('memory', memoryKind)
