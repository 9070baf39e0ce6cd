export { readReceipt } from '../../session/trace/tally-receipt.ts'
