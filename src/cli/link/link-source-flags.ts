import { Flags } from '@oclif/core'
import { FILE_FLAG } from '../paths/meant-path.ts'

/** Where a link is, besides an argument, and whose it is. */
export const linkSourceFlags = {
  'link-file': Flags.string({ ...FILE_FLAG, description: 'File that holds the link.' }),
  'qr-image': Flags.string({ ...FILE_FLAG, description: 'PNG or JPEG with its QR code.' }),
  inviter: Flags.string({
    description: 'Peer id that the link must be of; for an older link that names none.',
    helpValue: 'PEER',
  }),
}
