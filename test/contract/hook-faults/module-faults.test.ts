import { moduleKind } from './faulty-hooks.ts'
import { describeHookFaults } from './hook-faults-contract.ts'

describeHookFaults('module', moduleKind)
