import { Flags } from '@oclif/core'
import { FILE_FLAG } from '../paths/meant-path.ts'

/** The flags of the commands that end in a new link. */
export const linkFlags = {
  announce: Flags.string({
    description:
      'Address to put into the link; again for more. Else the running listener’s, else the settings’. (env: TALEUS_ANNOUNCE, with commas)',
    helpValue: 'MULTIADDR',
    multiple: true,
  }),
  expires: Flags.string({
    description: 'How long it is good for, like 30m, 24h or 2w. [default: 24h, or the setting]',
    env: 'TALEUS_EXPIRES',
    helpValue: 'DURATION',
  }),
  qr: Flags.boolean({
    allowNo: true,
    description: 'Show the QR code on stderr. [default: on a terminal]',
    env: 'TALEUS_QR',
  }),
  'qr-file': Flags.string({
    ...FILE_FLAG,
    description: 'Write the QR code to this file too, .png or .svg.',
    env: 'TALEUS_QR_FILE',
  }),
  'base-url': Flags.string({
    description:
      'Make a link that leads to this page (see `taleus page`); an empty one: to none. [default: the setting]',
    helpValue: 'https://…',
  }),
  page: Flags.string({
    ...FILE_FLAG,
    description: 'Write a page to this HTML file too, which explains the invitation and holds it.',
    env: 'TALEUS_PAGE',
  }),
  poster: Flags.string({
    ...FILE_FLAG,
    description: 'Write a sheet of A4 to hang up to this HTML file too.',
    env: 'TALEUS_POSTER',
  }),
  force: Flags.boolean({
    description: 'Replace a page or another file of text if there is one. [default: ask]',
    env: 'TALEUS_FORCE',
  }),
}

/** The flag of the command that makes an older link beside its own. */
export const legacyLinkFlag = {
  'legacy-link': Flags.string({
    ...FILE_FLAG,
    description: 'Write the link to this new file too, as older peers read it (protocol 1.0.0).',
  }),
}
