import { commandKind } from './faulty-hooks.ts'
import { describeHookFaults } from './hook-faults-contract.ts'

describeHookFaults('command', commandKind)
