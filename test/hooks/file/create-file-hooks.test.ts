import { fileHooksUnderTest } from '../../contract/file-hooks.ts'
import { describeHooks } from '../../contract/hooks-contract.ts'

describeHooks('file', ['deprovision', 'status', 'verify'], () => fileHooksUnderTest())
