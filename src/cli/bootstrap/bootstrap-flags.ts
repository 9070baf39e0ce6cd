import { Flags } from '@oclif/core'
import { linkSourceFlags } from '../link/link-source-flags.ts'
import { REDEEM_FLAGS } from './redeem-flags.ts'

/** The flags of `bootstrap`. */
export const bootstrapFlags = {
  ...linkSourceFlags,
  scan: Flags.boolean({ description: 'Scan its QR code, in a page of your browser.' }),
  open: Flags.boolean({
    allowNo: true,
    default: true,
    description: 'Open that page; else only its address is told.',
    env: 'TALEUS_OPEN',
  }),
  yes: Flags.boolean({ char: 'y', description: 'Do not ask.', env: 'TALEUS_YES' }),
  disclose: Flags.string({
    description: 'Tell this about yourself, beyond what is required.',
    multiple: true,
    helpValue: 'k=v',
  }),
  'no-cadre': Flags.boolean({
    description: 'Do not tell where you can be reached.',
    env: 'TALEUS_NO_CADRE',
  }),
  ...REDEEM_FLAGS,
  'dry-run': Flags.boolean({ description: 'Only show the offer.', env: 'TALEUS_DRY_RUN' }),
  decline: Flags.boolean({ description: 'Say no, thank you.', exclusive: ['yes', 'another'] }),
  reason: Flags.string({ description: 'Why not.', dependsOn: ['decline'] }),
  another: Flags.boolean({ description: 'A second tally from a standing invitation.' }),
  compare: Flags.boolean({
    description: 'Ask at the end whether the inviter’s screen shows the same four words.',
    exclusive: ['decline', 'dry-run'],
  }),
}
